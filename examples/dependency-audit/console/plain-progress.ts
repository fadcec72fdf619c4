import type { EventSink, PipelineEvent } from 'stageflow';
import { isStageEvent, stageLine } from './stage-line.js';

/** One line for each change of a stage: for logs and pipes. */
export class PlainProgress implements EventSink {
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  emit(event: PipelineEvent): void {
    const line = isStageEvent(event) ? stageLine(event) : null;
    if (isStageEvent(event) && line !== null) this.#write(`${event.stage.padEnd(16)}${line}\n`);
  }
}
