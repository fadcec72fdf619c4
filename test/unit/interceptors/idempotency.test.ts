import { describe, expect, it } from 'vitest';
import { AuthContext, OrgContext } from '../../../src/auth/index.js';
import {
  IdempotencyInterceptor,
  type IdempotencyOptions,
  type IdempotencyStore,
  MemoryIdempotencyStore,
} from '../../../src/interceptors/index.js';
import type { RunInput } from '../../../src/run/index.js';
import { StageKind, StageOutput } from '../../../src/stage/index.js';
import { Gate, ManualClock, settle } from '../../../src/testing/index.js';
import { idempotencyStoreContract } from '../../contract/interceptor-idempotency-store.js';
import { codeOf, type RoundOptions, Rounds } from './rounds.js';

const once = (options: IdempotencyOptions = {}, run: RoundOptions['run'] = (_, call) => ({ call })) =>
  new Rounds({ kind: StageKind.Work, interceptors: [new IdempotencyInterceptor(options)], run });
const request = (requestId: string | null, more: RunInput = {}): RunInput => ({ ...more, identity: { requestId } });
const first = request('r-1');

describe('a stage that runs once per key', () => {
  it('runs once and gives all the same output (086)', async () => {
    const rounds = once();
    const outputs = [];
    for (let index = 0; index < 4; index++) outputs.push((await rounds.round(first)).data);
    expect(outputs).toEqual(Array(4).fill({ call: 1 }));
    expect(rounds.calls).toBe(1);
  });

  it('runs once for fifty at a time, also by separate instances on one store (087)', async () => {
    const store = new MemoryIdempotencyStore();
    const gate = new Gate();
    const run = (_: unknown, call: number) => gate.passed.then(() => ({ call, list: [call] }));
    const all = Array.from({ length: 10 }, () => once({ store }, run));
    const results = all.flatMap((rounds) => Array.from({ length: 5 }, () => rounds.round(first)));
    await settle();
    gate.open();
    const datas = (await Promise.all(results)).map(({ data }) => data);
    expect(datas).toEqual(Array(50).fill({ call: 1, list: [1] }));
    expect(all.reduce((sum, { calls }) => sum + calls, 0)).toBe(1);
  });

  it('runs for each tenant, pipeline and stage, and key', async () => {
    const store = new MemoryIdempotencyStore();
    const interceptors = [new IdempotencyInterceptor({ store })];
    const [a, b] = ['a', 'b'].map((name) => new Rounds({ name, kind: StageKind.Work, interceptors }));
    const of = (orgId: string) => ({
      auth: AuthContext.verified({ userId: 'ann', orgId }),
      org: OrgContext.verified({ orgId }),
    });
    for (const input of [first, request('r-1', of('acme')), request('r-1', of('other')), request('r-2')]) {
      await a?.codes(2, input);
      await b?.codes(2, input);
    }
    expect([a?.calls, b?.calls]).toEqual([4, 4]);
  });

  it.each([
    ['others', { input: { amount: 2 } }],
    ['none', {}],
    ['other text', { input: { amount: 1 }, inputText: 'x' }],
  ])('refuses the key with %s as parameters: IDEMPOTENCY_MISMATCH (089)', async (_, parameters) => {
    const rounds = once();
    await rounds.round(request('r-1', { input: { amount: 1 } }));
    const { failure } = await rounds.round(request('r-1', parameters));
    expect(failure).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', retryable: false });
    expect(rounds.calls).toBe(1);
  });

  it('takes the same parameters in another order for the same (089)', async () => {
    const rounds = once();
    await rounds.round(request('r-1', { input: { a: 1, b: { c: 2, d: 3 } } }));
    expect((await rounds.round(request('r-1', { input: { b: { d: 3, c: 2 }, a: 1 } }))).status).toBe('ok');
    expect(rounds.calls).toBe(1);
  });

  it.each([null, '', '  ', 'x'.repeat(2_000)])('does not run without a key: IDEMPOTENCY_KEY_INVALID', async (key) => {
    const rounds = once({ key: () => key });
    expect(await rounds.codes(1)).toEqual(['IDEMPOTENCY_KEY_INVALID']);
    expect(rounds.calls).toBe(0);
  });

  it('names neither key nor parameters in what it says', async () => {
    const rounds = once();
    await rounds.round(request('secret-key', { inputText: 'secret text' }));
    const { failure } = await rounds.round(request('secret-key', { inputText: 'other' }));
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  it('leaves stages of other kinds alone', async () => {
    const rounds = new Rounds({ interceptors: [new IdempotencyInterceptor()] });
    await rounds.codes(2, first);
    expect(rounds.calls).toBe(2);
  });
});

describe('a key', () => {
  it.each([
    ['a failure', () => StageOutput.fail('no'), 'STAGE_FAILED'],
    ['a throw', () => Promise.reject(new Error('busy')), 'STAGE_FAILED'],
    ['a skip', () => StageOutput.skip('nothing'), 'skip'],
  ])('is free again after %s, which is not replayed (091)', async (_, run, code) => {
    const rounds = once({}, (__, call) => (call === 1 ? run() : { call }));
    expect(await rounds.codes(3, first)).toEqual([code, 'ok', 'ok']);
    expect(rounds.calls).toBe(2);
  });

  it('is free again when its run was cancelled, and who waited runs (090)', async () => {
    const rounds = once({}, (ctx, call) => (call === 1 ? new Gate().pass(ctx.signal) : { call }));
    const owner = rounds.start(first);
    await settle();
    const waiting = rounds.round(first);
    await settle();
    owner.cancel('enough');
    expect((await waiting).data).toEqual({ call: 2 });
    expect((await rounds.round(first)).data).toEqual({ call: 2 });
  });

  it('is not free while a cancelled stage still works, but when its lease is over (090)', async () => {
    const never = new Gate();
    const rounds = once({ leaseMs: 10_000 }, (_, call) => (call === 1 ? never.passed : { call }));
    const owner = rounds.start(first);
    await settle();
    owner.cancel('enough');
    const waiting = rounds.start(first);
    await rounds.clock.advance(9_000);
    expect(rounds.calls).toBe(1);
    await rounds.clock.advance(2_000);
    expect(rounds.resultOf(await waiting.result).data).toEqual({ call: 2 });
    expect((await owner.result).status).toBe('cancelled');
  });

  it('lets go at once who is cancelled while waiting', async () => {
    const gate = new Gate();
    const rounds = once({}, () => gate.passed.then(() => ({})));
    const owner = rounds.start(first);
    await settle();
    const waiting = rounds.start(first);
    await settle();
    waiting.cancel('enough');
    expect((await waiting.result).status).toBe('cancelled');
    gate.open();
    expect((await owner.result).status).toBe('completed');
    expect(rounds.clock.pendingTimers).toBe(0);
  });

  it('is forgotten after its time', async () => {
    const rounds = once({ ttlMs: 1_000 });
    await rounds.round(first);
    await rounds.clock.advance(999);
    await rounds.round(first);
    expect(rounds.calls).toBe(1);
    await rounds.clock.advance(1);
    await rounds.round(first);
    expect(rounds.calls).toBe(2);
  });
});

describe('a store', () => {
  const working = (): IdempotencyStore => new MemoryIdempotencyStore();
  const broken = (change: Partial<IdempotencyStore>): IdempotencyStore => {
    const store = working();
    return {
      claim: (...given) => store.claim(...given),
      complete: (...given) => store.complete(...given),
      release: (...given) => store.release(...given),
      ...change,
    };
  };
  const down = () => Promise.reject(new Error('down'));

  it.each([
    ['rejects', down],
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['gives nonsense', () => Promise.resolve({ state: 'maybe' } as never)],
    ['gives nothing', () => Promise.resolve(undefined as never)],
  ])('that %s keeps the stage from running: IDEMPOTENCY_STORE_FAILED (091)', async (_, claim) => {
    const rounds = once({ store: broken({ claim }) });
    const { failure } = await rounds.round(first);
    expect(failure).toMatchObject({ code: 'IDEMPOTENCY_STORE_FAILED', retryable: true });
    expect(rounds.calls).toBe(0);
  });

  it('that cannot keep a result does not undo it, and nobody does the work again meanwhile', async () => {
    const rounds = once({ store: broken({ complete: down }) });
    expect((await rounds.round(first)).data).toEqual({ call: 1 });
    const again = rounds.start(first);
    await rounds.clock.advance(10_000);
    expect(rounds.calls).toBe(1);
    again.cancel('enough');
    await again.result;
  });

  it('that cannot release leaves the failure as it is', async () => {
    const rounds = once({ store: broken({ release: down }) }, () => StageOutput.fail('no', { code: 'MINE' }));
    expect(await rounds.codes(1, first)).toEqual(['MINE']);
  });

  it('that tells no changes is asked again and again', async () => {
    const gate = new Gate();
    const rounds = once({ store: broken({}), pollMs: 100 }, (_, call) => gate.passed.then(() => ({ call })));
    const both = [rounds.start(first), rounds.start(first)];
    await rounds.clock.advance(250);
    gate.open();
    await rounds.clock.advance(100);
    const results = await Promise.all(both.map(({ result }) => result));
    expect(results.map((outcome) => rounds.resultOf(outcome).data)).toEqual([{ call: 1 }, { call: 1 }]);
  });

  it('whose answer comes after the run was cancelled gets its claim back', async () => {
    const gate = new Gate();
    const store = working();
    const slow = broken({
      claim: (...given) => gate.passed.then(() => store.claim(...given)),
      release: (...given) => store.release(...given),
    });
    const rounds = once({ store: slow });
    const run = rounds.start(first);
    await settle();
    run.cancel('enough');
    expect((await run.result).status).toBe('cancelled');
    gate.open();
    await settle();
    expect((await rounds.round(first)).status).toBe('ok');
  });
});

idempotencyStoreContract('MemoryIdempotencyStore', () => {
  const clock = new ManualClock();
  return { clock, store: new MemoryIdempotencyStore({ clock }) };
});

describe('a store in memory', () => {
  it('holds no more than its bound after 50,000 keys, and knows the latest', async () => {
    const store = new MemoryIdempotencyStore({ maxEntries: 1_000 });
    for (let index = 0; index < 50_000; index++) {
      const claim = await store.claim(`k${index}`, 'd', 1_000);
      if (claim.state === 'claimed') await store.complete(`k${index}`, claim.owner, { index }, 60_000);
    }
    expect(store.size).toBe(1_000);
    expect(await store.claim('k49999', 'd', 1_000)).toEqual({ state: 'done', data: { index: 49_999 } });
    expect((await store.claim('k0', 'd', 1_000)).state).toBe('claimed');
  });

  it('forgets no work in flight for want of room', async () => {
    const store = new MemoryIdempotencyStore({ maxEntries: 2 });
    await store.claim('a', 'd', 1_000);
    await store.claim('b', 'd', 1_000);
    await expect(store.claim('c', 'd', 1_000)).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_FAILED' });
    expect((await store.claim('a', 'd', 1_000)).state).toBe('running');
  });

  it('keeps keys of 2,000 runs within the bound', async () => {
    const store = new MemoryIdempotencyStore({ maxEntries: 100 });
    const rounds = once({ store });
    for (let index = 0; index < 2_000; index++) expect(codeOf(await rounds.round(request(`r${index}`)))).toBe('ok');
    expect([store.size, rounds.calls]).toEqual([100, 2_000]);
  });
});

it.each([{ key: 'a' }, { ttlMs: 0 }, { leaseMs: -1 }, { store: {} }, { kinds: [] }, { pollMs: 0 }])(
  'refuses %j: METADATA_OPTION_INVALID',
  (options) => {
    const make = () => IdempotencyInterceptor.with(options as never);
    expect(make).toThrow(expect.objectContaining({ code: 'METADATA_OPTION_INVALID' }));
  },
);
