import { expect, it } from 'vitest';
import { TimeoutInterceptor } from '../../../src/interceptors/index.js';
import { StageTimeoutError } from '../../../src/run/index.js';
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
