import { describe, expect, it } from 'vitest';
import { AuthContext, OrgContext } from '../../../src/auth/index.js';
import { CacheInterceptor, type CacheOptions } from '../../../src/interceptors/index.js';
import { StageKind, StageOutput } from '../../../src/stage/index.js';
import { Gate, settle } from '../../../src/testing/index.js';
import { type RoundOptions, Rounds } from './rounds.js';

const byText: CacheOptions = { key: ({ snapshot }) => snapshot.inputText ?? undefined, ttlMs: 1_000 };
const cached = (options: Partial<CacheOptions> = {}, run: RoundOptions['run'] = (_, call) => ({ call })) =>
  new Rounds({ interceptors: [new CacheInterceptor({ ...byText, ...options })], run });
const a = { inputText: 'a' };

describe('a cache', () => {
  it('answers with the earlier output of the same key, until it is too old', async () => {
    const rounds = cached();
    const datas = [await rounds.round(a), await rounds.round(a), await rounds.round({ inputText: 'b' })];
    expect(datas.map(({ data }) => data)).toEqual([{ call: 1 }, { call: 1 }, { call: 2 }]);
    expect(datas.map(({ attempts }) => attempts)).toEqual([1, 0, 1]);
    await rounds.clock.advance(1_000);
    expect((await rounds.round(a)).data).toEqual({ call: 3 });
  });

  it('keeps tenants apart, and users where it is told to', async () => {
    const who = (tenant: string, user: string) => ({
      ...a,
      auth: AuthContext.verified({ userId: user, orgId: tenant }),
      org: OrgContext.verified({ orgId: tenant }),
    });
    const callers = [who('acme', 'ann'), who('acme', 'bob'), who('other', 'ann'), a];
    const calls = async (rounds: Rounds) => {
      for (const input of callers) await rounds.round(input);
      return rounds.calls;
    };
    expect([await calls(cached()), await calls(cached({ by: 'user' }))]).toEqual([3, 4]);
  });

  it.each([
    ['a throw', () => Promise.reject(new Error('busy'))],
    ['a failure', () => StageOutput.fail('no')],
    ['a skip', () => StageOutput.skip('nothing')],
    ['a cancel', () => StageOutput.cancel('enough')],
    ['a request to retry', () => StageOutput.retry('later')],
  ])('never keeps %s', async (_, run) => {
    const rounds = cached({}, run);
    await rounds.round(a);
    await rounds.round(a);
    expect(rounds.calls).toBe(2);
  });

  it('does not keep what has no key, nor what has an effect', async () => {
    const keyless = cached();
    await keyless.codes(2);
    const work = new Rounds({ kind: StageKind.Work, interceptors: [new CacheInterceptor(byText)] });
    await work.codes(2, a);
    expect([keyless.calls, work.calls]).toEqual([2, 2]);
  });

  it('freezes what it keeps throughout', async () => {
    const rounds = cached({}, () => ({ list: [{ n: 1 }] }));
    const { data } = await rounds.round(a);
    expect(() => (data as { list: { n: number }[] }).list.push({ n: 2 })).toThrow(TypeError);
  });

  it('keeps so many outputs, those used most recently', async () => {
    const rounds = cached({ maxEntries: 2 });
    for (const inputText of ['a', 'b', 'a', 'c', 'a', 'b']) await rounds.round({ inputText });
    expect(rounds.calls).toBe(4);
  });
});

describe('executions that miss at the same time', () => {
  it('all run unless they are to share', async () => {
    const rounds = cached();
    await rounds.codesAtOnce(5, a);
    expect(rounds.calls).toBe(5);
  });

  it('share one execution', async () => {
    const gate = new Gate();
    const rounds = cached({ shareMisses: true }, (_, call) => gate.passed.then(() => ({ call })));
    const all = Promise.all(Array.from({ length: 50 }, () => rounds.round(a)));
    await settle();
    gate.open();
    expect(new Set((await all).map(({ data }) => JSON.stringify(data)))).toEqual(new Set(['{"call":1}']));
    expect(rounds.calls).toBe(1);
  });

  it('do not share a failure', async () => {
    const gate = new Gate();
    const rounds = cached({ shareMisses: true }, async (_, call) => {
      await gate.passed;
      if (call === 1) throw new Error('mine alone');
      return { call };
    });
    const all = rounds.codesAtOnce(3, a);
    await settle();
    gate.open();
    expect((await all).sort()).toEqual(['STAGE_FAILED', 'ok', 'ok']);
  });

  it('do not wait for one that was cancelled, even if it does not stop', async () => {
    const never = new Gate();
    const rounds = cached({ shareMisses: true }, (_, call) => (call === 1 ? never.passed : { call }));
    const first = rounds.start(a);
    await settle();
    const second = rounds.round(a);
    await settle();
    first.cancel('enough');
    expect((await second).data).toEqual({ call: 2 });
    expect((await rounds.round(a)).data).toEqual({ call: 2 });
    await rounds.clock.advance(1_000);
    await first.result;
  });
});

it.each([{ key: 'a' }, { ttlMs: 0 }, { by: 'all' }, { maxEntries: 0 }, { shareMisses: 1 }])(
  'refuses %j: METADATA_OPTION_INVALID',
  (options) => {
    const make = () => CacheInterceptor.with({ ...byText, ...(options as object) });
    expect(make).toThrow(expect.objectContaining({ code: 'METADATA_OPTION_INVALID' }));
  },
);
