import { expect, it } from 'vitest';
import { paletteFor } from '../../src/cli/output/palette.js';
import { LiveProgress } from '../../src/cli/run/live-progress.js';
import { Pipeline } from '../../src/pipeline/index.js';

const ESCAPE = String.fromCharCode(27);
const PART = new RegExp(`${ESCAPE}\\[(\\d+)A${ESCAPE}\\[0J|\\n|[^\\n${ESCAPE}]+`, 'g');

/** A terminal of this width: what it shows, and what has scrolled by. */
class Screen {
  readonly isTTY = true;
  readonly columns: number;
  #lines: string[] = [''];

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    for (const [part, up] of text.matchAll(PART)) {
      if (up !== undefined) this.#lines = [...this.#lines.slice(0, -1 - Number(up)), ''];
      else if (part === '\n') this.#lines.push('');
      else this.#lines[this.#lines.length - 1] += part;
    }
  }

  get lines(): readonly string[] {
    return this.#lines.slice(0, -1);
  }
}

it('what runs is drawn again below what has ended, and nothing of it is left at the end', async () => {
  const screen = new Screen(40);
  let frame: () => void = () => {};
  let isStopped = false;
  let time = 0;
  const progress = new LiveProgress(screen, paletteFor({}, {}), {
    now: () => time,
    every: (_ms, callback) => {
      frame = callback;
      return () => {
        isStopped = true;
      };
    },
  });
  const seen: (readonly string[])[] = [];
  const look = () => {
    time += 1_500;
    frame();
    seen.push(screen.lines);
  };
  const pipeline = new Pipeline('crawl')
    .withStage('fetch', (ctx) => {
      ctx.progress(0.5, 'half of a very long note that does not fit');
      look();
      return {};
    })
    .withStage('parse', look, { dependsOn: ['fetch'] });
  await pipeline.run({}, { sinks: [progress] });
  progress.end();
  expect(seen[0]).toEqual(['crawl: 0 of 2 stages, 1.50 s', '  fetch 1.50 s ##########.......... 50…']);
  expect(seen[1]).toEqual([
    expect.stringMatching(/^ok {5}fetch in \d+ ms$/),
    'crawl: 1 of 2 stages, 3.00 s',
    '  parse 1.50 s',
  ]);
  expect(screen.lines).toEqual([expect.stringContaining('ok     fetch'), expect.stringContaining('ok     parse')]);
  expect(isStopped).toBe(true);
});
