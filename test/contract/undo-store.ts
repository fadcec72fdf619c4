import { beforeEach, describe, expect, it } from 'vitest';
import type { UndoEntry, UndoStore } from '../../src/approvals/index.js';

const NOW = 1_000_000;

export function undoEntry(changes: Partial<UndoEntry> = {}): UndoEntry {
  return {
    id: 'u1',
    tenant: 'acme',
    runId: 'run',
    callId: 'c1',
    tool: 'edit',
    input: { path: 'a', text: 'ü' },
    data: {},
    output: { lines: 1 },
    madeBy: { kind: 'user', id: 'ann' },
    madeAt: NOW,
    expiresAt: NOW + 1_000,
    state: 'ready',
    claim: null,
    reason: null,
    ...changes,
  };
}

const claimed = (id: string): UndoEntry =>
  undoEntry({ state: 'undoing', claim: { id, by: { kind: 'user', id: 'ann' }, at: NOW } });

/** The suite that every `UndoStore` passes. `make` gives an empty store each time. */
export function undoStoreContract(name: string, make: () => Promise<UndoStore> | UndoStore): void {
  describe(`${name} as a store of what can be undone`, () => {
    let store: UndoStore;
    beforeEach(async () => {
      store = await make();
    });

    it('gives back what it was given: {} as {}, and undefined as absent', async () => {
      const entry = undoEntry({ output: undefined });
      await store.add(entry);
      (entry.input as { path: string }).path = 'changed';
      const [found] = await store.ofCall('acme', 'c1');
      expect(found).toEqual(undoEntry({ output: undefined }));
      expect(found?.data).toEqual({});
    });

    it('replaces an entry for one of many', async () => {
      await store.add(undoEntry());
      const expected = { state: 'ready' as const, claimId: null };
      const won = await Promise.all(['a', 'b', 'c', 'd'].map((id) => store.replace(claimed(id), expected)));
      expect(won.filter(Boolean)).toHaveLength(1);
      const winner = 'abcd'[won.indexOf(true)] as string;
      expect((await store.ofCall('acme', 'c1'))[0]?.claim?.id).toBe(winner);
      expect(await store.replace(undoEntry({ state: 'undone' }), { state: 'undoing', claimId: 'x' })).toBe(false);
      expect(await store.replace(undoEntry({ state: 'undone' }), { state: 'undoing', claimId: winner })).toBe(true);
      expect(await store.replace(undoEntry({ id: 'nobody' }), expected)).toBe(false);
    });

    it('finds the entries of a call and of a run in one tenant, the newest first', async () => {
      await store.add(undoEntry({ id: 'z' }));
      await store.add(undoEntry({ id: 'a', callId: 'c2' }));
      await store.add(undoEntry({ id: 'm', runId: 'other' }));
      await store.add(undoEntry({ id: 'x', tenant: 'umbrella' }));
      await store.add(undoEntry({ id: 'n', tenant: null }));
      const ids = (entries: readonly UndoEntry[]) => entries.map(({ id }) => id);
      expect(ids(await store.ofCall('acme', 'c1'))).toEqual(['m', 'z']);
      expect(ids(await store.ofCall('acme', 'c1', 'run'))).toEqual(['z']);
      expect(ids(await store.ofRun('acme', 'run'))).toEqual(['a', 'z']);
      expect(ids(await store.ofRun(null, 'run'))).toEqual(['n']);
      expect(ids(await store.ofRun('acme', 'x'))).toEqual([]);
    });

    it('removes open entries only, and forgets what has expired', async () => {
      await store.add(undoEntry());
      await store.add(undoEntry({ id: 'u2', state: 'open', expiresAt: NOW + 5_000 }));
      await store.remove('u1');
      expect(await store.ofRun('acme', 'run')).toHaveLength(2);
      expect(await store.purge(NOW + 1_000)).toBe(0);
      expect(await store.purge(NOW + 1_001)).toBe(1);
      await store.remove('u2');
      expect(await store.ofRun('acme', 'run')).toEqual([]);
    });
  });
}
