import { describe, expect, it } from 'vitest';
import { StageTimeoutError } from '../../../src/run/index.js';
import type { Interceptor, StageContext } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { Rig, rejection, statusOf } from './hand-bound.js';

const passThrough: Interceptor = { name: 'pass', intercept: (_, next) => next() };

// With and without interceptors the limit takes different ways through the engine.
describe.each([
  ['directly', []],
  ['inside an interceptor', [passThrough]],
])('called %s', (_, interceptors) => {
  it('a stage that passes its limit fails the run with a typed, retryable timeout (043)', async () => {
    const rig = new Rig([{ name: 'a', timeoutMs: 50, interceptors, run: (ctx) => ctx.sleep(500) }]);
    const promise = rejection(rig.engine.run(rig.bound));
    await rig.clock.advance(49);
    expect(rig.sink.ofType('stage.failed')).toEqual([]);
    await rig.clock.advance(1);
    const error = await promise;
    expect(error).toBeInstanceOf(StageTimeoutError);
    expect(error).toMatchObject({ code: 'STAGE_TIMEOUT', stage: 'a', limitMs: 50, retryable: true });
    expect(error.results.stage('a')).toMatchObject({ status: 'fail', durationMs: 50, abandoned: false });
    expect(rig.sink.ofType('stage.failed')).toMatchObject([{ error: { code: 'STAGE_TIMEOUT', retryable: true } }]);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('whatever a stage does with the abort of its limit, it is a timeout', async () => {
    const reactions: [string, (ctx: StageContext) => unknown][] = [
      ['rejects with the reason', (ctx) => new Gate().pass(ctx.signal)],
      ['checkpoints', (ctx) => new Gate().pass(ctx.signal).catch(() => ctx.checkpoint())],
      [
        'throws something else',
        (ctx) =>
          new Gate().pass(ctx.signal).catch(() => {
            throw new TypeError('other');
          }),
      ],
      ['returns a value', (ctx) => new Gate().pass(ctx.signal).catch(() => ({ late: true }))],
      [
        'throws an AbortError',
        (ctx) =>
          new Gate().pass(ctx.signal).catch(() => {
            throw new DOMException('x', 'AbortError');
          }),
      ],
    ];
    for (const [name, run] of reactions) {
      const rig = new Rig([
        { name: 'a', timeoutMs: 50, interceptors, run },
        { name: 'after', dependsOn: ['a'] },
      ]);
      const started = rig.start();
      await rig.clock.advance(50);
      const outcome = await started.result;
      expect([name, outcome.status, statusOf(outcome, 'a')]).toEqual([name, 'failed', 'fail']);
      expect(outcome.results.stage('a').failure).toMatchObject({ code: 'STAGE_TIMEOUT' });
      expect(outcome.results.stage('a').data).toBeUndefined();
      expect(rig.clock.pendingTimers).toBe(0);
    }
  });

  it('a stage that ignores the abort is given the grace period, then abandoned; its late value is dropped (045)', async () => {
    const gate = new Gate<object>();
    const rig = new Rig([{ name: 'a', timeoutMs: 50, interceptors, run: () => gate.pass() }], { graceMs: 100 });
    const run = rig.start();
    await rig.clock.advance(149);
    expect(rig.sink.ofType('stage.failed')).toEqual([]);
    await rig.clock.advance(1);
    const outcome = await run.result;
    gate.open({ late: true });
    await settle();
    expect(outcome.results.stage('a')).toMatchObject({ status: 'fail', data: undefined, abandoned: true });
    expect(outcome.results.stage('a').failure).toMatchObject({ code: 'STAGE_TIMEOUT' });
    expect(outcome.results.abandoned).toEqual(['a']);
    expect(rig.sink.ofType('stage.abandoned')).toMatchObject([{ stage: 'a', graceMs: 100 }]);
    expect(rig.story.at(-1)).toBe('pipeline.failed a');
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('a limit of 0 is none (043)', async () => {
    const rig = new Rig([{ name: 'a', timeoutMs: 0, interceptors, run: (ctx) => ctx.sleep(1e7) }]);
    const run = rig.start();
    await rig.clock.advance(1e7);
    expect((await run.result).status).toBe('completed');
  });

  it('a stage within its limit leaves no timer', async () => {
    const rig = new Rig([{ name: 'a', timeoutMs: 50, interceptors, run: (ctx) => ctx.sleep(49) }]);
    const run = rig.start();
    await rig.clock.advance(49);
    expect((await run.result).status).toBe('completed');
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('under continue, a timeout blocks its dependents and lets the rest finish', async () => {
    const rig = new Rig(
      [
        { name: 'a', timeoutMs: 50, interceptors, run: (ctx) => ctx.sleep(500) },
        { name: 'a2', dependsOn: ['a'] },
        { name: 'b', run: (ctx) => ctx.sleep(100) },
      ],
      { failurePolicy: 'continue' },
    );
    const run = rig.start();
    await rig.clock.advance(100);
    const outcome = await run.result;
    expect(outcome.status).toBe('failed');
    expect(outcome.results.stages.map(({ status }) => status)).toEqual(['fail', 'skip', 'ok']);
  });

  it('a stage that is cancelled before its limit is cancelled, not timed out', async () => {
    const rig = new Rig([{ name: 'a', timeoutMs: 50, interceptors, run: (ctx) => ctx.sleep(500) }]);
    const run = rig.start();
    await rig.clock.advance(20);
    run.cancel('stop');
    const outcome = await run.result;
    expect([outcome.status, statusOf(outcome, 'a')]).toEqual(['cancelled', 'cancel']);
    expect(rig.clock.pendingTimers).toBe(0);
  });
});

describe('ctx.withTimeout', () => {
  const limited = async (
    run: (ctx: StageContext) => Promise<object | undefined>,
    ms: number,
  ): Promise<{ rig: Rig; outcome: Awaited<ReturnType<Rig['outcome']>> }> => {
    const rig = new Rig([{ name: 'a', run }], { graceMs: 100 });
    const started = rig.start();
    await rig.clock.advance(ms);
    return { rig, outcome: await started.result };
  };

  it('gives the value of a call within the limit, sync or not', async () => {
    const { rig, outcome } = await limited(async (ctx) => {
      const now = await ctx.withTimeout(50, () => 1);
      const later = await ctx.withTimeout(50, (inner) => inner.sleep(20).then(() => 2));
      return { now, later, none: await ctx.withTimeout(0, (inner) => Number(inner === ctx)) };
    }, 20);
    expect(outcome.results.of('a')).toEqual({ now: 1, later: 2, none: 1 });
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('rejects with STAGE_TIMEOUT, aborts the inner signal only, and the stage may go on', async () => {
    const seen: unknown[] = [];
    const { rig, outcome } = await limited(async (ctx) => {
      const error = await rejection(
        ctx.withTimeout(50, (inner) => inner.sleep(500).finally(() => seen.push(inner.cancelled))),
      );
      seen.push(error.code, ctx.cancelled);
      return { partial: true };
    }, 50);
    expect(seen).toEqual([true, 'STAGE_TIMEOUT', false]);
    expect(outcome.results.of('a')).toEqual({ partial: true });
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('passes on what the call throws, synchronously or not', async () => {
    const { outcome } = await limited(async (ctx) => {
      const sync = await rejection(
        ctx.withTimeout(50, () => {
          throw new RangeError('sync');
        }),
      );
      const later = await rejection(ctx.withTimeout(50, () => Promise.reject(new RangeError('later'))));
      return { sync: sync.message, later: later.message };
    }, 0);
    expect(outcome.results.of('a')).toEqual({ sync: 'sync', later: 'later' });
  });

  it('nests: the outer limit ends the inner call, the inner one only itself', async () => {
    const outer = await limited(async (ctx) => {
      const error = await rejection(ctx.withTimeout(30, (o) => o.withTimeout(80, (i) => i.sleep(500))));
      return { code: error.code, limitMs: error.details.limitMs };
    }, 30);
    expect(outer.outcome.results.of('a')).toEqual({ code: 'STAGE_TIMEOUT', limitMs: 30 });
    expect(outer.rig.clock.pendingTimers).toBe(0);
    const inner = await limited(async (ctx) => {
      return ctx.withTimeout(80, async (o) => {
        const error = await rejection(o.withTimeout(30, (i) => i.sleep(500)));
        return { limitMs: error.details.limitMs, outerCancelled: o.cancelled };
      });
    }, 30);
    expect(inner.outcome.results.of('a')).toEqual({ limitMs: 30, outerCancelled: false });
    expect(inner.rig.clock.pendingTimers).toBe(0);
  });

  it('drops a late value, says who was abandoned, and the stage may go on (045)', async () => {
    const gate = new Gate<number>();
    const { rig, outcome } = await limited(async (ctx) => {
      const error = await rejection(ctx.withTimeout(50, () => gate.pass()));
      gate.open(7);
      return { code: error.code };
    }, 150);
    expect(outcome.results.of('a')).toEqual({ code: 'STAGE_TIMEOUT' });
    expect(outcome.results.abandoned).toEqual(['a']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('is a stage failure when the stage lets it through', async () => {
    const { outcome } = await limited((ctx) => ctx.withTimeout(50, (inner) => inner.sleep(500).then(() => ({}))), 50);
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error).toBeInstanceOf(StageTimeoutError);
    expect(outcome.error.code).toBe('STAGE_TIMEOUT');
  });

  it.each([[Number.NaN], [-1]])('refuses a limit of %s', async (limitMs) => {
    const { rig, outcome } = await limited(async (ctx) => {
      const error = await rejection(ctx.withTimeout(limitMs, (inner) => inner.sleep(5)));
      return { code: error.code };
    }, 10);
    expect(outcome.results.of('a')).toEqual({ code: expect.stringMatching(/_INVALID$/) });
    expect(rig.clock.pendingTimers).toBe(0);
  });
});
