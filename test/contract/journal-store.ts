import { beforeEach, describe, expect, it } from 'vitest';
import { type JournalLine, type JournalStore, type RunKey } from '../../src/journal/index.js';

/** What a store is tested with. */
export interface JournalStoreUnderTest {
  readonly store: JournalStore;
  /** The same store as another process sees it; the store itself if nothing else can. */
  readonly other: JournalStore;
}

const key: RunKey = { tenant: 'acme', runId: 'run-1' };
const nobody = () => false;
const everybody = () => true;
const opens = { pipeline: 'crawl', userId: 'ann', startedAt: 1_000, until: 5_000 };

function line(sequence: number, more: Partial<JournalLine> = {}): JournalLine {
  return { key, owner: 'first', sequence, body: `{"line":${sequence}}`, ...(sequence === 0 ? { opens } : {}), ...more };
}

const ends = { status: 'completed', at: 2_000 } as const;

/** The suite that every `JournalStore` passes. `make` gives an empty store each time. */
export function journalStoreContract(name: string, make: () => Promise<JournalStoreUnderTest>): void {
  describe(`${name} as a store of journals`, () => {
    let test: JournalStoreUnderTest;
    beforeEach(async () => {
      test = await make();
    });
    itKeepsLines(() => test);
    itKeepsTenantsApart(() => test);
    itHandsRunsOver(() => test);
    itForgets(() => test);
  });
}

function itKeepsLines(test: () => JournalStoreUnderTest): void {
  it('gives back the lines of a run in order, and says what is known of it', async () => {
    const { store, other } = test();
    await store.append([line(0), line(1)]);
    const body = `{"text":"${'ünï \\n "x" '.repeat(200).replaceAll('"', "'")}"}`;
    await store.append(Array.from({ length: 150 }, (_, index) => line(index + 2, { body })));
    expect(await other.read(key)).toEqual(['{"line":0}', '{"line":1}', ...Array<string>(150).fill(body)]);
    const about = { ...key, pipeline: 'crawl', userId: 'ann', startedAt: 1_000 };
    expect(await other.list({})).toEqual([{ ...about, status: 'open', endedAt: null }]);
    await store.append([line(152, { ends })]);
    expect(await other.list({})).toEqual([{ ...about, status: 'completed', endedAt: 2_000 }]);
  });

  it('has nothing of a run that was never begun', async () => {
    expect(await test().store.read(key)).toBeNull();
    expect(await test().store.list({})).toEqual([]);
  });

  it('refuses lines that are there already, or belong to a run that was not begun or was erased', async () => {
    const { store } = test();
    await expect(store.append([line(1)])).rejects.toThrow();
    await store.append([line(0), line(1)]);
    await expect(store.append([line(1)])).rejects.toThrow();
    await expect(store.append([line(0)])).rejects.toThrow();
    expect(await store.read(key)).toHaveLength(2);
    await store.erase({ tenant: 'acme' });
    await expect(store.append([line(2)])).rejects.toThrow();
    expect(await store.read(key)).toBeNull();
  });

  it('lists by pipeline and status, the latest first', async () => {
    const { store } = test();
    for (const [index, pipeline] of ['a', 'b', 'a'].entries()) {
      const own = { tenant: null, runId: `run-${index}` };
      await store.append([line(0, { key: own, opens: { ...opens, pipeline, startedAt: index } })]);
      if (index === 0) await store.append([line(1, { key: own, ends })]);
    }
    const ids = async (query: Parameters<JournalStore['list']>[0]) =>
      (await store.list(query)).map(({ runId }) => runId);
    expect(await ids({})).toEqual(['run-2', 'run-1', 'run-0']);
    expect(await ids({ limit: 1 })).toEqual(['run-2']);
    expect(await ids({ pipeline: 'a' })).toEqual(['run-2', 'run-0']);
    expect(await ids({ status: 'open', pipeline: 'a' })).toEqual(['run-2']);
  });
}

function itKeepsTenantsApart(test: () => JournalStoreUnderTest): void {
  it('finds a run only for its own tenant, also where ids are the same', async () => {
    const { store } = test();
    const theirs = { ...key, tenant: 'other' };
    const nobodys = { ...key, tenant: null };
    await store.append([line(0)]);
    expect(await store.read(theirs)).toBeNull();
    expect(await store.read(nobodys)).toBeNull();
    await store.append([line(0, { key: theirs, body: '{"theirs":true}' })]);
    expect(await store.read(key)).toEqual(['{"line":0}']);
    expect(await store.read(theirs)).toEqual(['{"theirs":true}']);
    expect(await store.list({ tenant: 'acme' })).toHaveLength(1);
    expect(await store.claim(nobodys, { owner: 'x', until: 9_000 }, 8_000, everybody)).toBe(false);
    expect(await store.erase({ tenant: null })).toBe(0);
  });
}

function itHandsRunsOver(test: () => JournalStoreUnderTest): void {
  it('gives a run to one of those who ask once its lease is over, and to nobody before', async () => {
    const { store, other } = test();
    await store.append([line(0), line(1)]);
    const lease = { owner: 'second', until: 20_000 };
    expect(await other.claim(key, lease, 4_999, nobody)).toBe(false);
    const claims = [
      other.claim(key, lease, 6_000, nobody),
      store.claim(key, { owner: 'third', until: 20_000 }, 6_000, nobody),
    ];
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
  });

  it('gives it away at once if its owner is dead, or has left it', async () => {
    const { store, other } = test();
    await store.append([line(0)]);
    expect(await other.claim(key, { owner: 'second', until: 9_000 }, 2_000, (owner) => owner === 'first')).toBe(true);
    expect(await store.claim(key, { owner: 'third', until: 9_000 }, 2_000, nobody)).toBe(false);
    await other.release(key, 'second');
    expect(await store.claim(key, { owner: 'third', until: 9_000 }, 2_000, nobody)).toBe(true);
  });

  it('leaves a run alone that has ended', async () => {
    const { store, other } = test();
    await store.append([line(0), line(1, { ends })]);
    expect(await other.claim(key, { owner: 'second', until: 9_000 }, 99_000, everybody)).toBe(false);
  });

  it('takes signs of life, and says which runs are lost', async () => {
    const { store, other } = test();
    await store.append([line(0)]);
    expect(await store.renew([key], { owner: 'first', until: 50_000 })).toEqual([]);
    expect(await other.claim(key, { owner: 'second', until: 90_000 }, 40_000, nobody)).toBe(false);
    expect(await other.claim(key, { owner: 'second', until: 90_000 }, 60_000, nobody)).toBe(true);
    expect(await store.renew([key], { owner: 'first', until: 70_000 })).toEqual([key]);
  });

  it('refuses what a writer adds that was taken over', async () => {
    const { store, other } = test();
    const owner = 'second';
    await store.append([line(0), line(1)]);
    expect(await other.claim(key, { owner, until: 90_000 }, 60_000, nobody)).toBe(true);
    if (store !== other) await expect(store.append([line(2)])).rejects.toThrow();
    await other.append([line(2, { owner, body: '{"second":true}' })]);
    if (store !== other) await expect(store.append([line(2)])).rejects.toThrow();
    await other.append([line(3, { owner, ends })]);
    const bodies = ['{"line":0}', '{"line":1}', '{"second":true}', '{"line":3}'];
    expect(await other.read(key)).toEqual(bodies);
    expect(await store.read(key)).toEqual(bodies);
  });
}

function itForgets(test: () => JournalStoreUnderTest): void {
  it('forgets the runs of a tenant, of a user, or one', async () => {
    const { store } = test();
    const runs = [
      ['acme', 'ann', '1'],
      ['acme', 'bob', '2'],
      ['acme', 'bob', '3'],
      ['other', 'bob', '4'],
    ] as const;
    for (const [tenant, userId, runId] of runs) {
      await store.append([line(0, { key: { tenant, runId }, opens: { ...opens, userId } })]);
    }
    expect(await store.erase({ tenant: 'acme', runId: '3' })).toBe(1);
    expect(await store.erase({ tenant: 'acme', userId: 'bob' })).toBe(1);
    expect(await store.read({ tenant: 'acme', runId: '2' })).toBeNull();
    expect((await store.list({})).map(({ runId }) => runId).sort()).toEqual(['1', '4']);
    expect(await store.erase({ tenant: 'acme' })).toBe(1);
    expect(await store.read({ tenant: 'other', runId: '4' })).toHaveLength(1);
  });

  it('forgets what ended before some time, and nothing that has not ended', async () => {
    const { store } = test();
    await store.append([line(0), line(1, { ends })]);
    await store.append([line(0, { key: { ...key, runId: 'open' } })]);
    expect(await store.erase({ endedBefore: 2_000 })).toBe(0);
    expect(await store.erase({ endedBefore: 2_001 })).toBe(1);
    expect((await store.list({})).map(({ runId }) => runId)).toEqual(['open']);
  });
}
