import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  BulkheadInterceptor,
  CacheInterceptor,
  CircuitBreakerInterceptor,
  IdempotencyInterceptor,
  PayloadSizeInterceptor,
  RateLimitInterceptor,
  RetryInterceptor,
  sortByPriority,
  TimeoutInterceptor,
} from '../../../src/interceptors/index.js';
import { StageKind, StageOutput } from '../../../src/stage/index.js';
import { Rounds } from './rounds.js';

/** What the stage does in one attempt. */
const behaviour = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('work' as const), ms: fc.integer({ min: 0, max: 80 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom('throw', 'refuse', 'retry', 'skip', 'bug'), ms: fc.nat(40) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('ignore the signal' as const), ms: fc.nat(400) }) },
);
const plan = fc.record({
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 12 }),
  runs: fc.array(
    fc.record({ afterMs: fc.nat(60), key: fc.nat(5), cancelAfterMs: fc.option(fc.nat(120), { nil: undefined }) }),
    { minLength: 1, maxLength: 12 },
  ),
  kind: fc.constantFrom(StageKind.Work, StageKind.Enrich),
  seed: fc.nat(1_000),
});

const stack = (seed: number) =>
  sortByPriority([
    new IdempotencyInterceptor({ leaseMs: 2_000 }),
    new CacheInterceptor({
      key: ({ snapshot }) => snapshot.identity.requestId ?? undefined,
      ttlMs: 200,
      shareMisses: true,
    }),
    RetryInterceptor.with({
      attempts: 4,
      delayMs: 5,
      jitter: 'decorrelated',
      random: () => ((seed++ * 7_919) % 1_000) / 1_000,
      idempotent: seed % 2 === 0,
    }),
    new CircuitBreakerInterceptor({ consecutive: 3, openMs: 50 }),
    new RateLimitInterceptor({ permits: 5, perMs: 50, whenEmpty: 'wait', maxWaitMs: 100 }),
    new BulkheadInterceptor({ limit: 2, queue: 3 }),
    TimeoutInterceptor.with({ limitMs: 60 }),
    PayloadSizeInterceptor.with(),
  ]);

it('whatever stages do and whenever runs are cancelled, the whole stack ends, and leaves nothing behind', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ behaviours, runs, kind, seed }) => {
      const rounds = new Rounds({
        kind,
        interceptors: stack(seed),
        run: async (ctx, call) => {
          const { does, ms } = behaviours[call % behaviours.length] ?? { does: 'work', ms: 0 };
          if (does === 'ignore the signal') await new Promise<void>((done) => ctx.clock.setTimer(ms, done));
          else await ctx.sleep(ms);
          if (does === 'throw') throw Object.assign(new Error('down'), { status: 503 });
          if (does === 'refuse') throw Object.assign(new Error('no'), { status: 403 });
          if (does === 'bug') throw new TypeError('x is not a function');
          if (does === 'retry') return StageOutput.retry('busy');
          return does === 'skip' ? StageOutput.skip('nothing') : { key: ctx.snapshot.identity.requestId };
        },
      });
      const started = [];
      for (const { afterMs, key, cancelAfterMs } of runs) {
        await rounds.clock.advance(afterMs);
        const requestId = `key ${key}`;
        const run = rounds.start({ identity: { requestId } });
        if (cancelAfterMs !== undefined) rounds.clock.setTimer(cancelAfterMs, () => run.cancel('enough'));
        started.push({ requestId, run });
      }
      await rounds.clock.advance(60_000);
      for (const { requestId, run } of started) {
        const { status, failure, data } = rounds.resultOf(await run.result);
        expect(failure?.code ?? '').not.toMatch(/^INTERCEPTOR_/);
        if (status === 'ok') expect(data).toEqual({ key: requestId });
      }
      expect(rounds.clock.pendingTimers).toBe(0);
      // Every place, token and claim is free again: a quiet stage gets through.
      behaviours.fill({ does: 'work', ms: 0 });
      const last = rounds.start({ identity: { requestId: 'last' } });
      await rounds.clock.advance(1_000);
      expect(rounds.resultOf(await last.result)).toMatchObject({ status: 'ok', data: { key: 'last' } });
    }),
    { numRuns: 60, seed: 144 },
  );
});
