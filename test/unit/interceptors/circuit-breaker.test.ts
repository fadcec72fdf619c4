import { describe, expect, it } from 'vitest';
import { CircuitBreakerInterceptor, RetryInterceptor } from '../../../src/interceptors/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { StageKind, StageOutput } from '../../../src/stage/index.js';
import { Gate, settle } from '../../../src/testing/index.js';
import { Rounds } from './rounds.js';

const breaker = (options = {}) => new CircuitBreakerInterceptor({ consecutive: 5, openMs: 1_000, ...options });
const throwing =
  (fields: object = {}) =>
  () =>
    Promise.reject(Object.assign(new Error('down'), fields));

async function opened(run: (call: number) => unknown = throwing()) {
  let isDown = true;
  const interceptor = breaker({ consecutive: 1 });
  const rounds = new Rounds({ interceptors: [interceptor], run: (_, call) => (isDown ? throwing()() : run(call)) });
  await rounds.round();
  isDown = false;
  return rounds;
}

describe('a circuit breaker', () => {
  it('opens after so many failures in a row, each counted once, and then runs nothing (082)', async () => {
    const rounds = new Rounds({ interceptors: [breaker()], run: throwing() });
    expect(await rounds.codes(4)).toEqual(Array(4).fill('STAGE_FAILED'));
    expect(await rounds.codes(3)).toEqual(['STAGE_FAILED', 'CIRCUIT_OPEN', 'CIRCUIT_OPEN']);
    expect(rounds.calls).toBe(5);
  });

  it('fails the stage while it is open, retryable, and says when to come back (082)', async () => {
    const rounds = await opened();
    await rounds.clock.advance(400);
    const outcome = await rounds.start().result;
    expect(outcome.status).toBe('failed');
    const { failure } = rounds.resultOf(outcome);
    expect(failure).toMatchObject({ code: 'CIRCUIT_OPEN', retryable: true });
    expect(failure?.error).toMatchObject({ retryAfterMs: 600, details: { stage: 'a', pipeline: 'hand' } });
  });

  it('tells sinks once that it opened, and that it closed', async () => {
    const rounds = await opened(() => ({}));
    await rounds.clock.advance(1_000);
    await rounds.codes(3);
    expect(rounds.rig.sink.ofType('custom').map(({ name, data }) => [name, data])).toEqual([
      ['circuit_breaker.changed', { state: 'open' }],
      ['circuit_breaker.changed', { state: 'closed' }],
    ]);
  });

  it('lets one of ten through when it has been open long enough, and closes when that succeeds (084)', async () => {
    const gate = new Gate();
    const rounds = await opened(async () => {
      await gate.passed;
      return {};
    });
    await rounds.clock.advance(1_000);
    const all = rounds.codesAtOnce(10);
    await settle();
    expect(rounds.calls).toBe(2);
    gate.open();
    expect((await all).sort()).toEqual([...Array(9).fill('CIRCUIT_OPEN'), 'ok'].sort());
    expect(await rounds.codesAtOnce(10)).toEqual(Array(10).fill('ok'));
  });

  it('opens again, for as long, when the probe fails (084)', async () => {
    const rounds = await opened(throwing());
    await rounds.clock.advance(1_000);
    expect(await rounds.codes(2)).toEqual(['STAGE_FAILED', 'CIRCUIT_OPEN']);
    await rounds.clock.advance(999);
    expect(await rounds.codes(1)).toEqual(['CIRCUIT_OPEN']);
    await rounds.clock.advance(1);
    expect(await rounds.codes(1)).toEqual(['STAGE_FAILED']);
  });

  it('probes again at once when the probe was cancelled, even by one that does not stop', async () => {
    const never = new Gate();
    const rounds = await opened((call) => (call === 2 ? never.passed : {}));
    await rounds.clock.advance(1_000);
    const probe = rounds.start();
    await settle();
    probe.cancel('enough');
    await settle();
    expect(await rounds.codes(2)).toEqual(['ok', 'ok']);
    await rounds.clock.advance(1_000);
    expect((await probe.result).status).toBe('cancelled');
  });

  it('stays open for as long as ever when a late failure comes while a probe that is then cancelled runs', async () => {
    const [late, never] = [new Gate(), new Gate()];
    const run = (_: unknown, call: number) => (call === 1 ? late.passed : call === 3 ? never.passed : throwing()());
    const rounds = new Rounds({ interceptors: [breaker({ consecutive: 1 })], run });
    const slow = rounds.round();
    await rounds.codes(1);
    await rounds.clock.advance(1_000);
    const probe = rounds.start();
    await settle();
    late.fail(new Error('down'));
    await slow;
    probe.cancel('enough');
    await settle();
    expect(await rounds.codes(1)).toEqual(['CIRCUIT_OPEN']);
    await rounds.clock.advance(1_000);
    expect(await rounds.codes(2)).toEqual(['STAGE_FAILED', 'CIRCUIT_OPEN']);
    await probe.result;
  });

  it('looks at the share of the latest calls, if told to', async () => {
    const sampling = { share: 0.5, ofLast: 4 };
    const run = (_: unknown, call: number) => (call % 4 === 1 ? {} : throwing()());
    const rounds = new Rounds({ interceptors: [breaker({ sampling })], run });
    expect(await rounds.codes(5)).toEqual(['ok', ...Array(3).fill('STAGE_FAILED'), 'CIRCUIT_OPEN']);
  });

  it('starts to count anew after a success', async () => {
    const run = (_: unknown, call: number) => (call % 5 === 0 ? {} : throwing()());
    const rounds = new Rounds({ interceptors: [breaker()], run });
    expect(await rounds.codes(12)).not.toContain('CIRCUIT_OPEN');
  });
});

describe('what a circuit breaker counts', () => {
  const codes = (run: () => unknown) => new Rounds({ interceptors: [breaker({ consecutive: 2 })], run }).codes(4);

  it('is the fault of the dependency', async () => {
    for (const run of [throwing({ status: 503 }), throwing({ code: 'ECONNRESET' }), () => StageOutput.retry('busy')]) {
      expect((await codes(run)).at(-1)).toBe('CIRCUIT_OPEN');
    }
  });

  it('is neither a refusal, nor a wrong request, nor a mistake in the program, nor a skip', async () => {
    const harmless = [
      throwing({ status: 401 }),
      throwing({ status: 404 }),
      () => (undefined as unknown as { x(): void }).x(),
      () => StageOutput.skip('nothing to do'),
    ];
    for (const run of harmless) expect(await codes(run)).not.toContain('CIRCUIT_OPEN');
  });

  it('is what isFault says', async () => {
    const isFault = () => false;
    const rounds = new Rounds({ interceptors: [breaker({ consecutive: 1, isFault })], run: throwing() });
    expect(await rounds.codes(3)).not.toContain('CIRCUIT_OPEN');
  });

  it('is each attempt of a retry, whose wait ends when the breaker lets a call through', async () => {
    const interceptors = [RetryInterceptor.with({ attempts: 4, delayMs: 1 }), breaker({ consecutive: 2 })];
    const rounds = new Rounds({ interceptors, run: (_, call) => (call < 3 ? throwing()() : { call }) });
    const run = rounds.start();
    await rounds.clock.advance(5_000);
    expect(rounds.resultOf(await run.result)).toMatchObject({ status: 'ok', data: { call: 3 } });
    const delays = rounds.rig.sink.ofType('stage.retry_scheduled').map(({ delayMs }) => delayMs);
    expect(delays).toEqual([1, 2, 998]);
  });

  it('is not waited for where it stays open long: then it fails fast', async () => {
    const interceptors = [
      RetryInterceptor.with({ attempts: 9, delayMs: 1 }),
      breaker({ consecutive: 1, openMs: 30_000 }),
    ];
    const rounds = new Rounds({ interceptors, run: throwing() });
    const first = rounds.start();
    await rounds.clock.advance(1);
    expect(rounds.resultOf(await first.result).failure?.code).toBe('CIRCUIT_OPEN');
    expect(await rounds.codes(1)).toEqual(['CIRCUIT_OPEN']);
  });

  it('does not keep a work stage from being retried that was not run', async () => {
    const interceptors = [RetryInterceptor.with({ attempts: 2, delayMs: 1 }), breaker({ consecutive: 1 })];
    const rounds = new Rounds({ interceptors, kind: StageKind.Work, run: throwing() });
    expect(await rounds.codes(1)).toEqual(['STAGE_FAILED']);
    const second = rounds.start();
    await rounds.clock.advance(2_000);
    await second.result;
    expect(rounds.calls).toBe(2);
  });
});

describe('whose failures a circuit breaker counts together', () => {
  const Shared = CircuitBreakerInterceptor.with({ consecutive: 1 });
  const build = (name: string, stage: string) =>
    new Pipeline(name).withStage(stage, () => Promise.reject(new Error('down')), { interceptors: [Shared] }).build();
  const codeAfter = async (pipeline: { start(): { result: Promise<any> } }) =>
    (await pipeline.start().result).results.failures[0]?.failure?.code;

  it('are those of one stage of one pipeline, over all its runs (085)', async () => {
    const [a, b] = [build('a', 'x'), build('b', 'x')];
    expect([await codeAfter(a), await codeAfter(a), await codeAfter(b)]).toEqual([
      'STAGE_FAILED',
      'CIRCUIT_OPEN',
      'STAGE_FAILED',
    ]);
  });

  it('are those of one application only (085)', async () => {
    expect(await codeAfter(build('a', 'x'))).toBe('STAGE_FAILED');
  });

  it('are all of one key (085)', async () => {
    const one = new CircuitBreakerInterceptor({ consecutive: 1, key: 'payments' });
    const first = new Rounds({ name: 'charge', interceptors: [one], run: throwing() });
    const second = new Rounds({ name: 'refund', interceptors: [one], run: throwing() });
    expect([...(await first.codes(1)), ...(await second.codes(1))]).toEqual(['STAGE_FAILED', 'CIRCUIT_OPEN']);
  });

  it('are forgotten for closed breakers first, when there are too many keys', async () => {
    const key = ({ snapshot }: { snapshot: { inputText: string | null } }) => snapshot.inputText ?? '';
    const run = (ctx: { snapshot: { inputText: string | null } }) =>
      ctx.snapshot.inputText === 'bad' ? throwing()() : {};
    const rounds = new Rounds({ interceptors: [breaker({ consecutive: 1, maxKeys: 3, key })], run });
    await rounds.round({ inputText: 'bad' });
    for (let index = 0; index < 20; index++) await rounds.round({ inputText: `good ${index}` });
    expect(await rounds.codes(1, { inputText: 'bad' })).toEqual(['CIRCUIT_OPEN']);
  });
});

it.each([
  [{ consecutive: 0 }],
  [{ sampling: { share: 1, ofLast: 5 } }],
  [{ sampling: { share: 0.5, ofLast: 5, atLeast: 6 } }],
  [{ openMs: -1 }],
  [{ maxKeys: 0 }],
  [{ key: 7 }],
])('refuses %j: METADATA_OPTION_INVALID', (options) => {
  const make = () => CircuitBreakerInterceptor.with(options as object);
  expect(make).toThrow(expect.objectContaining({ code: 'METADATA_OPTION_INVALID' }));
});
