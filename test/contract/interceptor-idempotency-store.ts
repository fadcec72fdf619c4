import { describe, expect, it } from 'vitest';
import type { IdempotencyStore } from '../../src/interceptors/index.js';
import type { ManualClock } from '../../src/testing/index.js';

/** An empty store, and the clock it tells leases and times to live by. */
export interface IdempotencyStoreUnderTest {
  readonly store: IdempotencyStore;
  readonly clock: ManualClock;
}

const LEASE_MS = 1_000;
const TTL_MS = 60_000;

/** The suite that every `IdempotencyStore` passes. `make` gives an empty store each time. */
export function idempotencyStoreContract(name: string, make: () => IdempotencyStoreUnderTest): void {
  const claim = (store: IdempotencyStore, key = 'k', digest = 'd') => store.claim(key, digest, LEASE_MS);
  const owned = async (store: IdempotencyStore, key = 'k') => {
    const claimed = await claim(store, key);
    if (claimed.state !== 'claimed') throw new Error(`The store says ${claimed.state}.`);
    return claimed.owner;
  };

  describe(`${name} as a store of idempotency keys`, () => {
    it('gives a key to one of many, and tells the others that it runs', async () => {
      const { store } = make();
      const states = (await Promise.all(Array.from({ length: 20 }, () => claim(store)))).map(({ state }) => state);
      expect(states.sort()).toEqual(['claimed', ...Array(19).fill('running')]);
      expect((await claim(store, 'other')).state).toBe('claimed');
    });

    it('tells what was done, again and again, until its time is over', async () => {
      const { store, clock } = make();
      await store.complete('k', await owned(store), { amount: 1, list: [1] }, TTL_MS);
      for (let index = 0; index < 3; index++) {
        expect(await claim(store)).toEqual({ state: 'done', data: { amount: 1, list: [1] } });
      }
      await clock.advance(TTL_MS);
      expect((await claim(store)).state).toBe('claimed');
    });

    it('tells other parameters from the same, while it runs and when it is done', async () => {
      const { store } = make();
      const owner = await owned(store);
      expect((await claim(store, 'k', 'other')).state).toBe('mismatch');
      await store.complete('k', owner, {}, TTL_MS);
      expect((await claim(store, 'k', 'other')).state).toBe('mismatch');
    });

    it('gives a released key to the next, with any parameters', async () => {
      const { store } = make();
      await store.release('k', await owned(store));
      expect((await claim(store, 'k', 'other')).state).toBe('claimed');
    });

    it('ends a claim with its lease, and then hears its owner no more', async () => {
      const { store, clock } = make();
      const late = await owned(store);
      await clock.advance(LEASE_MS);
      const owner = await owned(store);
      await store.complete('k', late, { from: 'late' }, TTL_MS);
      await store.release('k', late);
      expect((await claim(store)).state).toBe('running');
      await store.complete('k', owner, { from: 'owner' }, TTL_MS);
      expect(await claim(store)).toEqual({ state: 'done', data: { from: 'owner' } });
    });

    it('hears nobody but the owner', async () => {
      const { store } = make();
      await owned(store);
      await store.complete('k', 'somebody', {}, TTL_MS);
      await store.release('k', 'somebody');
      expect((await claim(store)).state).toBe('running');
    });

    it('wakes those who wait, if it does, when the claim ends', async () => {
      const { store } = make();
      for (const end of ['complete', 'release'] as const) {
        const owner = await owned(store, end);
        const changed = store.changed?.(end);
        if (end === 'complete') await store.complete(end, owner, {}, TTL_MS);
        else await store.release(end, owner);
        await changed;
      }
      await store.changed?.('nobody claimed this');
    });
  });
}
