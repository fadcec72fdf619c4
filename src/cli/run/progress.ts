import type { EventSink } from '../../events/index.js';
import type { CliIo } from '../cli-io.js';
import { type Palette, paletteFor } from '../output/palette.js';
import { eventText } from './event-text.js';
import { LiveProgress } from './live-progress.js';

/** Shows how a run goes on. */
export interface Progress extends EventSink {
  /** Nothing more will come. */
  end(): void;
}

/** What fits where progress goes to: a terminal is drawn on, anything else gets a line per event. */
export function progressFor({ stderr, env, every, now }: CliIo, quiet: boolean): Progress {
  if (quiet) return { emit: () => {}, end: () => {} };
  const palette = paletteFor(stderr, env);
  if (stderr.isTTY === true && env.TERM !== 'dumb') return new LiveProgress(stderr, palette, { every, now });
  return new PlainProgress((line) => stderr.write(`${line}\n`), palette);
}

class PlainProgress implements Progress {
  readonly #print: (line: string) => void;
  readonly #palette: Palette;

  constructor(print: (line: string) => void, palette: Palette) {
    this.#print = print;
    this.#palette = palette;
  }

  emit(event: Parameters<Progress['emit']>[0]): void {
    const text = eventText(event, this.#palette);
    if (text !== null) this.#print(text);
  }

  end(): void {}
}
