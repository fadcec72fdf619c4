import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StageflowError } from '../../../src/errors/index.js';
import { backoffMs } from '../../../src/interceptors/backoff.js';
import {
  BackoffJitter,
  BackoffStrategy,
  RetryInterceptor,
  type RetryOptions,
} from '../../../src/interceptors/index.js';
import { StageKind, StageOutput } from '../../../src/stage/index.js';
import { type HandStage, Rig } from '../run/hand-bound.js';

async function tried(options: Partial<RetryOptions>, run: NonNullable<HandStage['run']>, kind?: StageKind) {
  let calls = 0;
  const count: HandStage['run'] = (ctx) => {
    calls++;
    return run(ctx);
  };
  const interceptors = [RetryInterceptor.with({ attempts: 4, delayMs: 10, ...options })];
  const rig = new Rig([{ name: 'a', interceptors, run: count, ...(kind ? { kind } : {}) }]);
  const handle = rig.start();
  await rig.clock.advance(1_000_000);
  const { results } = await handle.result;
  expect(rig.clock.pendingTimers).toBe(0);
  const delays = rig.sink.ofType('stage.retry_scheduled').map(({ delayMs }) => delayMs);
  return { calls, delays, result: results.stage('a'), rig };
}

const failing =
  (fields: object = {}) =>
  () =>
    Promise.reject(Object.assign(new Error('busy'), fields));

describe('waiting', () => {
  it('grows by the strategy, up to the cap (035)', async () => {
    expect((await tried({ strategy: 'linear' }, failing())).delays).toEqual([10, 20, 30]);
    expect((await tried({ strategy: 'constant' }, failing())).delays).toEqual([10, 10, 10]);
    expect((await tried({ strategy: 'exponential', factor: 3, maxDelayMs: 50 }, failing())).delays).toEqual([
      10, 30, 50,
    ]);
  });

  it('stays within the bounds of its jitter, whatever chance says (035)', () => {
    const options = fc.record({
      strategy: fc.constantFrom(...Object.values(BackoffStrategy)),
      jitter: fc.constantFrom(...Object.values(BackoffJitter)),
      delayMs: fc.integer({ min: 0, max: 10_000 }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      maxDelayMs: fc.integer({ min: 0, max: 60_000 }),
    });
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const attempts = fc.integer({ min: 1, max: 2_000 });
    fc.assert(
      fc.property(options, chance, attempts, fc.integer({ min: 0, max: 60_000 }), (given, luck, attempt, before) => {
        const wait = backoffMs({ ...given, random: () => luck }, attempt, before);
        const plain = backoffMs({ ...given, jitter: 'none', random: () => luck }, attempt, before);
        const [low, high] = {
          none: [plain, plain],
          full: [0, plain],
          equal: [plain / 2, plain],
          decorrelated: [Math.min(given.delayMs, given.maxDelayMs), given.maxDelayMs],
        }[given.jitter] as [number, number];
        expect(wait).toBeGreaterThanOrEqual(low);
        expect(wait).toBeLessThanOrEqual(high);
      }),
      { numRuns: 500, seed: 35 },
    );
  });

  it('spreads decorrelated waits up to three times the one before', async () => {
    const { delays } = await tried({ jitter: 'decorrelated', random: () => 0.5 }, failing());
    expect(delays).toEqual([20, 35, 57.5]);
  });

  it('survives a source of chance that is none', () => {
    const options = { delayMs: 10, strategy: 'constant', factor: 2, maxDelayMs: 50, jitter: 'full' } as const;
    expect(backoffMs({ ...options, random: () => Number.NaN }, 1, null)).toBe(0);
  });

  it('is at least as long as the provider asks for, which the cap does not shorten (036)', async () => {
    const asked = failing({ status: 429, headers: { 'retry-after': '7' } });
    expect((await tried({ maxDelayMs: 50 }, asked)).delays).toEqual([7_000, 7_000, 7_000]);
  });

  it('is not begun where the provider asks for too much', async () => {
    const { calls, result } = await tried({}, failing({ status: 429, headers: { 'retry-after': '86400' } }));
    expect([calls, result.status]).toEqual([1, 'fail']);
  });

  it('is not begun where it would end after the time there is', async () => {
    const { calls, delays } = await tried({ attempts: 9, withinMs: 100, strategy: 'constant', delayMs: 40 }, failing());
    expect([calls, delays]).toEqual([3, [40, 40]]);
  });
});

describe('what is tried again', () => {
  it.each([
    ['a rate limit', { status: 429 }, 4],
    ['a lost connection', { code: 'ECONNRESET' }, 4],
    ['an error that nobody knows', {}, 4],
    ['a refusal', { status: 401 }, 1],
    ['a request that cannot succeed', { status: 404 }, 1],
    ['a mistake in the program', { name: 'TypeError' }, 1],
    ['an abort', { name: 'AbortError' }, 1],
  ])('%s (036)', async (_, fields, calls) => {
    expect((await tried({}, failing(fields))).calls).toBe(calls);
  });

  it('is decided by the classifier that is given, unless the stage says it itself', async () => {
    const never = { category: 'permanent', code: 'X', retryable: false, retryAfterMs: null } as const;
    const classifier = { classify: () => never };
    expect((await tried({ classifier }, failing())).calls).toBe(1);
    expect((await tried({ classifier }, () => StageOutput.fail('x', { retryable: true }))).calls).toBe(4);
  });

  it.each([StageKind.Work, StageKind.Agent])(
    'is no %s stage that failed, since its effect may be there',
    async (kind) => {
      const { calls, result } = await tried({}, failing({ status: 503 }), kind);
      expect(calls).toBe(1);
      expect(result.failure?.hint).toContain('idempotent: true');
      expect((await tried({ idempotent: true }, failing({ status: 503 }), kind)).calls).toBe(4);
      expect((await tried({}, () => StageOutput.retry('not begun'), kind)).calls).toBe(4);
    },
  );
});

describe('a stage whose attempts are used up', () => {
  it('fails with all of them, and keeps what was thrown', async () => {
    const error = Object.assign(new Error('busy'), { status: 503 });
    const { result } = await tried({ attempts: 3 }, () => Promise.reject(error));
    expect(result.status).toBe('fail');
    expect(result.failure?.error).toBe(error);
    const each = { code: 'STAGE_FAILED', message: 'busy', category: 'transient' };
    expect(result.data).toEqual({
      attempts: [
        { attempt: 1, delayMs: 10, ...each },
        { attempt: 2, delayMs: 20, ...each },
        { attempt: 3, delayMs: null, ...each },
      ],
    });
  });

  it('keeps data of its own', async () => {
    const { result } = await tried({ attempts: 2 }, () => StageOutput.fail('x', { data: { half: 1 } }));
    expect(result.data).toEqual({ half: 1 });
  });

  it('fails the same where it asked to be retried', async () => {
    const { result } = await tried({ attempts: 2 }, () => StageOutput.retry('not yet'));
    expect(result.failure?.error).toBeInstanceOf(StageflowError);
    expect(result.failure?.code).toBe('STAGE_RETRY_EXHAUSTED');
    expect(result.data).toMatchObject({ attempts: [{ attempt: 1 }, { attempt: 2 }] });
  });

  it('lists no more than a hundred, the first and the latest', async () => {
    const { result } = await tried({ attempts: 500, delayMs: 0 }, failing());
    const { attempts } = result.data as { attempts: { attempt: number }[] };
    expect([attempts.length, attempts[0]?.attempt, attempts[99]?.attempt]).toEqual([100, 1, 500]);
  });
});

it.each([
  { strategy: 'square' },
  { jitter: 'some' },
  { withinMs: -1 },
  { random: 1 },
  { classifier: {} },
  { retryIf: 1 },
])('refuses %j: METADATA_OPTION_INVALID', (options) => {
  expect(() => RetryInterceptor.with({ attempts: 2, ...(options as object) })).toThrow(
    expect.objectContaining({ code: 'METADATA_OPTION_INVALID' }),
  );
});
