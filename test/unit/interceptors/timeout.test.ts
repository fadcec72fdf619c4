import { describe, expect, it } from 'vitest';
import { RetryInterceptor, TimeoutInterceptor } from '../../../src/interceptors/index.js';
import { StageTimeoutError } from '../../../src/run/index.js';
import { type AnyInterceptor, type Interceptor, InterceptorRole, StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { Rig } from '../run/hand-bound.js';

it('limits every stage it is around, each for itself (043)', async () => {
  const limit = TimeoutInterceptor.with({ limitMs: 50 });
  const rig = new Rig(
    [
      { name: 'quick', interceptors: [limit], run: (ctx) => ctx.sleep(40) },
      { name: 'slow', interceptors: [limit], run: (ctx) => ctx.sleep(60) },
    ],
    { failurePolicy: 'continue' },
  );
  const run = rig.start();
  await rig.clock.advance(50);
  const outcome = await run.result;
  if (outcome.status !== 'failed') throw new Error(outcome.status);
  expect(outcome.error).toBeInstanceOf(StageTimeoutError);
  expect(outcome.results.stages.map(({ status }) => status)).toEqual(['ok', 'fail']);
  expect(rig.clock.pendingTimers).toBe(0);
});

it('of 0 is none (043)', async () => {
  const rig = new Rig([
    { name: 'a', interceptors: [TimeoutInterceptor.with({ limitMs: 0 })], run: (ctx) => ctx.sleep(1e6) },
  ]);
  const run = rig.start();
  await rig.clock.advance(1e6);
  expect((await run.result).status).toBe('completed');
});

it("drops what an uncooperative stage returns after the grace period, and the stage's own limit wins if shorter (045)", async () => {
  const gate = new Gate<object>();
  const rig = new Rig(
    [{ name: 'a', timeoutMs: 20, interceptors: [TimeoutInterceptor.with({ limitMs: 50 })], run: () => gate.pass() }],
    { graceMs: 10 },
  );
  const run = rig.start();
  await rig.clock.advance(30);
  const outcome = await run.result;
  gate.open({ late: true });
  await settle();
  if (outcome.status !== 'failed') throw new Error(outcome.status);
  expect(outcome.error).toMatchObject({ limitMs: 20 });
  expect(outcome.results.stage('a')).toMatchObject({ status: 'fail', data: undefined, abandoned: true });
  expect(rig.sink.ofType('stage.abandoned')).toHaveLength(1);
  expect(rig.clock.pendingTimers).toBe(0);
});

it.each([[-1], [Number.NaN], [Number.POSITIVE_INFINITY]])(
  'refuses a limit of %s: METADATA_OPTION_INVALID',
  (limitMs) => {
    expect(() => new TimeoutInterceptor({ limitMs })).toThrow(
      expect.objectContaining({ code: 'METADATA_OPTION_INVALID' }),
    );
  },
);

it('of a class that does more is asked to do it', async () => {
  class Noting extends TimeoutInterceptor {
    calls = 0;

    override intercept(...[ctx, next]: Parameters<Interceptor['intercept']>) {
      this.calls++;
      return super.intercept(ctx, next) as Promise<StageOutput>;
    }
  }
  const noting = new Noting({ limitMs: 50 });
  const rig = new Rig([{ name: 'a', interceptors: [noting], run: () => ({}) }]);
  expect([(await rig.start().result).status, noting.calls]).toEqual(['completed', 1]);
});

const passing: Interceptor = { intercept: async (_, next) => next() };
const observing: Interceptor = { ...passing, role: InterceptorRole.Observer };
const recovering: Interceptor = {
  intercept: async (_, next) => ((await next()).status === 'ok' ? StageOutput.ok({ read: true }) : next()),
};
const inline: AnyInterceptor = { before: () => 1, after: () => StageOutput.ok({ inline: true }) };

describe.each<[string, readonly AnyInterceptor[]]>([
  ['alone', []],
  ['around one layer', [passing]],
  ['around a layer that tries again', [recovering]],
  ['around layers in line', [inline, passing, inline]],
  ['around an observer', [observing]],
  ['inside of a retry', [RetryInterceptor.with({ attempts: 1 })]],
  ['between layers', [RetryInterceptor.with({ attempts: 1 }), passing]],
])('a limit %s', (_, interceptors) => {
  const rigOf = (run: () => Promise<object>) =>
    new Rig(
      [
        { name: 'a', timeoutMs: 20, interceptors, run },
        { name: 'b', dependsOn: ['a'] },
      ],
      { graceMs: 10 },
    );

  it('ends a stage that does not stop when the grace period is over, and drops what comes late (045)', async () => {
    const gate = new Gate<object>();
    let calls = 0;
    const rig = rigOf(() => {
      calls++;
      return gate.pass();
    });
    const run = rig.start();
    await rig.clock.advance(29);
    expect(rig.sink.ofType('pipeline.failed')).toEqual([]);
    await rig.clock.advance(1);
    const { results } = await run.result;
    gate.open({ late: true });
    await settle();
    expect(results.stage('a')).toMatchObject({ status: 'fail', failure: { code: 'STAGE_TIMEOUT' }, abandoned: true });
    expect([results.stage('a').data, results.stage('b').status, calls]).toEqual([undefined, 'not-started', 1]);
    expect([rig.sink.ofType('stage.abandoned').length, rig.clock.pendingTimers]).toEqual([1, 0]);
  });

  it('fails a stage that stops in the grace period, whatever it gives then', async () => {
    const gate = new Gate<object>();
    const rig = rigOf(() => gate.pass());
    const run = rig.start();
    await rig.clock.advance(25);
    gate.open({ late: true });
    const { results } = await run.result;
    expect(results.stage('a')).toMatchObject({ status: 'fail', failure: { code: 'STAGE_TIMEOUT' }, abandoned: false });
    expect([rig.sink.ofType('stage.abandoned').length, rig.clock.pendingTimers]).toEqual([0, 0]);
  });

  it('does not touch a stage that is done in time', async () => {
    const rig = rigOf(async () => ({ done: true }));
    expect((await rig.start().result).status).toBe('completed');
    expect(rig.clock.pendingTimers).toBe(0);
  });
});
