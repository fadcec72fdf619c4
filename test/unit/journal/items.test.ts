import { describe, expect, it } from 'vitest';
import { Journal, MemoryJournalStore, replay, resume } from '../../../src/journal/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { StageKind } from '../../../src/stage/index.js';
import { DyingStore, later } from './interrupted.js';

const key = { tenant: null, runId: 'run-1' };
const identity = { runId: 'run-1' };
const letters = ['a', 'b', 'c', 'd'];

interface Setup {
  readonly kind?: StageKind;
  readonly idempotent?: boolean;
  /** What an item hands on. */
  readonly give?: (item: string) => object;
}

function working(journal: Journal, calls: string[], { kind, idempotent, give = (item) => ({ item }) }: Setup = {}) {
  return new Pipeline('items')
    .withStage('list', () => ({ letters }))
    .forEach('work', 'list', (list) => list.letters, {
      key: (letter) => letter,
      concurrency: 2,
      ...(kind === undefined ? {} : { kind }),
      ...(idempotent === undefined ? {} : { idempotent }),
      each: async (_, letter) => {
        calls.push(letter);
        await null;
        return give(letter);
      },
    })
    .build({ journal });
}

async function dieAfter(lines: number, setup: Setup = {}) {
  const store = new MemoryJournalStore();
  const before: string[] = [];
  working(new Journal({ store: new DyingStore(store, lines) }), before, setup).start({ identity });
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  return { store, journal: new Journal({ store, clock: later }), before };
}

describe('a run that is resumed while it was at its items', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])(
    'works on those that are not known to be done, and comes to the same (%i lines kept)',
    async (lines) => {
      const { journal, store } = await dieAfter(lines);
      const kept = (await store.read(key)) ?? [];
      const done = kept.flatMap((body) => /item\.completed.*"key":"(\w)"/.exec(body)?.[1] ?? []);
      const calls: string[] = [];
      const run = await resume(working(journal, calls), journal, key);
      const { results } = await run.result;
      expect(results.of('work')).toEqual({ items: letters.map((item) => ({ item })) });
      const isWhole = kept.some((body) => body.includes('"stage.settled"') && body.includes('"work"'));
      expect(calls).toEqual(isWhole ? [] : letters.filter((letter) => !done.includes(letter)));
      expect(done).toHaveLength(Math.min(Math.max(0, lines - 2), letters.length));
    },
  );

  it('tells of those only that it works on', async () => {
    const { journal } = await dieAfter(4);
    const run = await resume(working(journal, []), journal, key);
    const told: string[] = [];
    for await (const event of run.events) if ('key' in event) told.push(`${event.type} ${event.key}`);
    expect(told).toEqual([
      'stage.item.started c',
      'stage.item.started d',
      'stage.item.completed c',
      'stage.item.completed d',
    ]);
  });

  it('works again on those whose output could not be kept', async () => {
    const give = (item: string): object => (item === 'a' ? { send: () => item } : { item });
    const { journal } = await dieAfter(4, { give });
    const calls: string[] = [];
    const run = await resume(working(journal, calls, { give }), journal, key);
    expect((await run.result).status).toBe('completed');
    expect(calls).toContain('a');
    expect(calls).not.toContain('b');
  });

  it('goes on with work only where that may be repeated, and then with the rest of it', async () => {
    const unknown = await dieAfter(5, { kind: StageKind.Work });
    const stopped = await resume(working(unknown.journal, [], { kind: StageKind.Work }), unknown.journal, key);
    expect(await stopped.result).toMatchObject({ status: 'failed', error: { failureCode: 'STAGE_OUTCOME_UNKNOWN' } });

    const setup = { kind: StageKind.Work, idempotent: true };
    const { journal } = await dieAfter(5, setup);
    const calls: string[] = [];
    const run = await resume(working(journal, calls, setup), journal, key);
    expect((await run.result).results.of('work').items).toHaveLength(4);
    expect(calls).toEqual(['c', 'd']);
  });

  it('is replayed with all its items', async () => {
    const journal = new Journal({ store: new MemoryJournalStore() });
    await working(journal, []).run({ identity });
    const calls: string[] = [];
    const { divergence, same } = await replay(working(journal, calls), await journal.read(key));
    expect({ divergence, same, calls }).toEqual({ divergence: null, same: 2, calls: letters });
  });
});
