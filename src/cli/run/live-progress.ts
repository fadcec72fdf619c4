/*
 * Progress on a terminal: what has ended scrolls by, what runs stands below and is drawn again.
 *
 * Invariants
 *  1. Nothing of the block that is drawn again is wider than the terminal: a wrapped line could not be taken back.
 *  2. The block is taken back before anything else is written, and for good at the end.
 */
import type { PipelineEvent, RunOpening } from '../../events/index.js';
import type { CliIo, TextOutput } from '../cli-io.js';
import { duration } from '../output/duration.js';
import type { Palette } from '../output/palette.js';
import { shortText } from '../output/plain-text.js';
import { eventText, stageLabel } from './event-text.js';

const FRAME_MS = 100;
const MOST_SHOWN = 12;
const BAR = 20;

interface Running {
  readonly label: string;
  readonly since: number;
  fraction: number | null;
  note: string | null;
}

export class LiveProgress {
  readonly #output: TextOutput;
  readonly #palette: Palette;
  readonly #now: () => number;
  readonly #stopFrames: () => void;
  readonly #running = new Map<string, Running>();
  #drawn = 0;
  #pipeline = '';
  #total = 0;
  #settled = 0;
  #startedAt: number;

  constructor(output: TextOutput, palette: Palette, { every, now }: Pick<CliIo, 'every' | 'now'>) {
    this.#output = output;
    this.#palette = palette;
    this.#now = now;
    this.#startedAt = now();
    this.#stopFrames = every(FRAME_MS, () => this.#draw());
  }

  open({ pipeline, stages }: RunOpening): void {
    if (this.#pipeline !== '') return; // a run that a stage started
    this.#pipeline = pipeline;
    this.#total = stages.length;
    this.#startedAt = this.#now();
  }

  emit(event: PipelineEvent): void {
    this.#follow(event);
    const text = event.type === 'stage.started' ? null : eventText(event, this.#palette);
    if (text === null) return;
    this.#clear();
    this.#output.write(`${text}\n`);
    this.#draw();
  }

  end(): void {
    this.#stopFrames();
    this.#clear();
  }

  #follow(event: PipelineEvent): void {
    if (!('stage' in event) || event.stage === null) return;
    const label = stageLabel({ lineage: event.lineage, stage: event.stage });
    const key = `${event.runId} ${label}`;
    const running = this.#running.get(key);
    switch (event.type) {
      case 'stage.started':
        this.#running.set(key, { label, since: this.#now(), fraction: null, note: null });
        break;
      case 'stage.progress':
        if (running !== undefined) Object.assign(running, { fraction: event.fraction, note: event.note });
        break;
      case 'stage.completed':
      case 'stage.failed':
      case 'stage.cancelled':
      case 'stage.skipped':
        this.#running.delete(key);
        if (event.lineage.depth === 0) this.#settled += 1;
    }
  }

  #draw(): void {
    this.#clear();
    const lines = [this.#headline(), ...[...this.#running.values()].slice(0, MOST_SHOWN).map((one) => this.#line(one))];
    const hidden = this.#running.size - MOST_SHOWN;
    if (hidden > 0) lines.push(`  and ${hidden} more`);
    const width = (this.#output.columns || 80) - 1; // 0 where a terminal does not say
    const faint = lines.map((line) => `${this.#palette.faint(shortText(line, width))}\n`);
    this.#output.write(faint.join(''));
    this.#drawn = lines.length;
  }

  #headline(): string {
    const done = Math.min(this.#settled, this.#total);
    return `${this.#pipeline}: ${done} of ${this.#total} stages, ${duration(this.#now() - this.#startedAt)}`;
  }

  #line({ label, since, fraction, note }: Running): string {
    const bar = fraction === null ? '' : ` ${barOf(fraction)} ${Math.floor(fraction * 100)} %`;
    return `  ${label} ${duration(this.#now() - since)}${bar}${note === null ? '' : ` ${note}`}`;
  }

  /** Up to where the block begins, and away with everything below. */
  #clear(): void {
    if (this.#drawn === 0) return;
    this.#output.write(`\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }
}

function barOf(fraction: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * BAR);
  return `${'#'.repeat(full)}${'.'.repeat(BAR - full)}`;
}
