import type { EventSink, PipelineEvent } from 'stageflow';
import { isStageEvent, type StageEvent, stageLine } from './stage-line.js';

const BAR_WIDTH = 24;
const toLineStart = (linesUp: number): string => (linesUp === 0 ? '\r' : `\u001b[${linesUp}F`);
const CLEAR_LINE = '\u001b[2K';

/** One line for each stage, rewritten in place as it goes on: for terminals. */
export class LiveProgress implements EventSink {
  readonly #write: (text: string) => void;
  readonly #columns: () => number;
  readonly #lines = new Map<string, string>();
  #drawn = 0;

  constructor(write: (text: string) => void, columns: () => number) {
    this.#write = write;
    this.#columns = columns;
  }

  emit(event: PipelineEvent): void {
    if (!isStageEvent(event)) return;
    const text = event.type === 'stage.progress' ? bar(event.fraction) : stageLine(event);
    if (text === null) return;
    this.#lines.set(event.stage, `${mark(event)} ${event.stage.padEnd(16)}${text}`);
    this.#redraw();
  }

  /** A line that wraps would make the count of lines wrong, so each is cut to the width of the terminal. */
  #redraw(): void {
    const width = this.#columns();
    const lines = [...this.#lines.values()].map((line) => `${CLEAR_LINE}${line.slice(0, width - 1)}\n`);
    this.#write(toLineStart(this.#drawn) + lines.join(''));
    this.#drawn = lines.length;
  }
}

function bar(fraction: number): string {
  const filled = Math.round(fraction * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${Math.floor(fraction * 100)}%`;
}

function mark(event: StageEvent): string {
  if (event.type === 'stage.completed') return '✔';
  if (event.type === 'stage.failed') return '✖';
  return event.type === 'stage.skipped' || event.type === 'stage.cancelled' ? '■' : '▶';
}
