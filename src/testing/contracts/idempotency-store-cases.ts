import type { IdempotencyStore } from '../../interceptors/index.js';
import { type ContractCase, demandEqual } from './contract-case.js';

/** An empty store, and how to let time pass for it. */
export interface IdempotencyStoreUnderTest {
  readonly store: IdempotencyStore;
  /** Moves the clock that the store goes by, as `ManualClock.advance` does. */
  advance(byMs: number): void | Promise<void>;
}

const LEASE_MS = 1_000;
const TTL_MS = 60_000;
const MANY = 20;

/** What every `IdempotencyStore` has to keep. @param make gives an empty store for each case */
export function idempotencyStoreCases(
  make: () => IdempotencyStoreUnderTest | Promise<IdempotencyStoreUnderTest>,
): readonly ContractCase[] {
  return [
    { name: 'gives a key to one of many, and tells the others that it runs', run: async () => one(await make()) },
    { name: 'tells what was done, again and again, until its time is over', run: async () => done(await make()) },
    { name: 'tells other parameters from the same, running and done', run: async () => mismatch(await make()) },
    { name: 'gives a released key to the next, with any parameters', run: async () => released(await make()) },
    { name: 'ends a claim with its lease, and hears its owner no more', run: async () => lease(await make()) },
    { name: 'hears nobody but the owner', run: async () => stranger(await make()) },
    { name: 'wakes those who wait, if it does, when the claim ends', run: async () => wakes(await make()) },
  ];
}

const claim = (store: IdempotencyStore, key = 'k', digest = 'd') => store.claim(key, digest, LEASE_MS);

async function expectState(store: IdempotencyStore, state: string, key = 'k', digest = 'd'): Promise<void> {
  demandEqual((await claim(store, key, digest)).state, state, `The state of key "${key}"`);
}

async function owned(store: IdempotencyStore, key = 'k'): Promise<string> {
  const claimed = await claim(store, key);
  if (claimed.state !== 'claimed') throw new Error(`A free key was not given; the store says "${claimed.state}".`);
  return claimed.owner;
}

async function one({ store }: IdempotencyStoreUnderTest): Promise<void> {
  const claims = await Promise.all(Array.from({ length: MANY }, () => claim(store)));
  const states = claims.map(({ state }) => state).sort();
  demandEqual(states, ['claimed', ...Array(MANY - 1).fill('running')], `What ${MANY} callers at once are told`);
  await expectState(store, 'claimed', 'other');
}

async function done({ store, advance }: IdempotencyStoreUnderTest): Promise<void> {
  const data = { amount: 1, list: [1] };
  await store.complete('k', await owned(store), data, TTL_MS);
  for (let time = 0; time < 2; time++) demandEqual(await claim(store), { state: 'done', data }, 'The answer');
  await advance(TTL_MS);
  await expectState(store, 'claimed');
}

async function mismatch({ store }: IdempotencyStoreUnderTest): Promise<void> {
  const owner = await owned(store);
  await expectState(store, 'mismatch', 'k', 'other');
  await store.complete('k', owner, {}, TTL_MS);
  await expectState(store, 'mismatch', 'k', 'other');
}

async function released({ store }: IdempotencyStoreUnderTest): Promise<void> {
  await store.release('k', await owned(store));
  await expectState(store, 'claimed', 'k', 'other');
}

async function lease({ store, advance }: IdempotencyStoreUnderTest): Promise<void> {
  const late = await owned(store);
  await advance(LEASE_MS);
  const owner = await owned(store);
  await store.complete('k', late, { from: 'late' }, TTL_MS);
  await store.release('k', late);
  await expectState(store, 'running');
  await store.complete('k', owner, { from: 'owner' }, TTL_MS);
  demandEqual(await claim(store), { state: 'done', data: { from: 'owner' } }, 'The answer');
}

async function stranger({ store }: IdempotencyStoreUnderTest): Promise<void> {
  await owned(store);
  await store.complete('k', 'somebody', {}, TTL_MS);
  await store.release('k', 'somebody');
  await expectState(store, 'running');
}

async function wakes({ store }: IdempotencyStoreUnderTest): Promise<void> {
  for (const end of ['complete', 'release'] as const) {
    const owner = await owned(store, end);
    const changed = store.changed?.(end);
    if (end === 'complete') await store.complete(end, owner, {}, TTL_MS);
    else await store.release(end, owner);
    await changed;
  }
  await store.changed?.('nobody claimed this');
}
