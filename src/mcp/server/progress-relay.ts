import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import type { EventSink, PipelineEvent } from '../../events/index.js';

/**
 * Tells a client how far its call is: as far as the tool says, or as many stages of the pipeline as are done.
 *
 * Invariant: what is told grows with every notification, as the protocol asks for.
 */
export class ProgressRelay implements EventSink {
  readonly #stages: number;
  readonly #send: (progress: Progress) => void;
  readonly #ofTool: boolean;
  /** By stage, 0 to 1. */
  readonly #fractions = new Map<string, number>();
  #runId: string | null = null;
  #told = -1;

  /** @param ofTool whether it is the call of one tool, which says itself how far it is */
  constructor(stages: number, ofTool: boolean, send: (progress: Progress) => void) {
    this.#stages = stages;
    this.#ofTool = ofTool;
    this.#send = send;
  }

  emit(event: PipelineEvent): void {
    this.#runId ??= event.runId;
    if (event.runId !== this.#runId) return; // of a run that a stage has started
    switch (event.type) {
      case 'tool.progress':
        if (this.#ofTool) this.#reached(event.stage, event.fraction, event.note);
        break;
      case 'stage.progress':
        this.#reached(event.stage, event.fraction, event.note);
        break;
      case 'stage.completed':
      case 'stage.skipped':
        if (!this.#ofTool) this.#reached(event.stage, 1, null);
        break;
      case 'approval.requested':
        this.#reached(event.stage, this.#fractions.get(event.stage) ?? 0, 'Waiting for an approval.');
    }
  }

  #reached(stage: string, fraction: number, note: string | null): void {
    this.#fractions.set(stage, Math.max(fraction, this.#fractions.get(stage) ?? 0));
    const sum = [...this.#fractions.values()].reduce((total, part) => total + part, 0);
    const progress = sum / this.#stages;
    if (progress <= this.#told) return;
    this.#told = progress;
    this.#send({ progress, total: 1, ...(note === null ? {} : { message: note }) });
  }
}
