import { describe, expect, it } from 'vitest';
import { RetryInterceptor, TimeoutInterceptor } from '../../../src/interceptors/index.js';
import { StageTimeoutError } from '../../../src/run/index.js';
import { StageOutput } from '../../../src/stage/index.js';
import { type HandStage, Rig } from '../run/hand-bound.js';

const retry = (attempts: number, more: object = {}) => RetryInterceptor.with({ attempts, delayMs: 10, ...more });

/** Runs one stage for `ms`, and tells how often it ran. */
async function tried(stage: Omit<HandStage, 'name'>, ms = 10_000) {
  let calls = 0;
  const rig = new Rig([
    {
      ...stage,
      name: 'a',
      run: (ctx) => {
        calls++;
        return stage.run?.(ctx);
      },
    },
  ]);
  const run = rig.start();
  await rig.clock.advance(ms);
  const outcome = await run.result;
  expect(rig.clock.pendingTimers).toBe(0);
  return { rig, outcome, calls, result: outcome.results.stage('a') };
}

const failing = (times: number, error: unknown = new Error('busy')): NonNullable<HandStage['run']> => {
  return ({ attempt }) => {
    if (attempt <= times) throw error;
    return { attempt };
  };
};

describe('retrying', () => {
  it('goes on until the stage succeeds, and reports each retry with attempt, delay and cause (034)', async () => {
    const { rig, calls, result } = await tried({ interceptors: [retry(4)], run: failing(2) });
    expect(calls).toBe(3);
    expect(result).toMatchObject({ status: 'ok', attempts: 3, data: { attempt: 3 }, durationMs: 30 });
    expect(rig.sink.ofType('stage.retry_scheduled')).toMatchObject([
      { stage: 'a', attempt: 1, delayMs: 10, error: { message: 'busy' } },
      { stage: 'a', attempt: 2, delayMs: 20, error: { message: 'busy' } },
    ]);
    expect(rig.sink.ofType('stage.completed')).toMatchObject([{ attempts: 3 }]);
    expect(rig.sink.ofType('stage.started')).toHaveLength(1);
  });

  it('fails with the last failure when the attempts are used up, and says so (034)', async () => {
    const errors = [1, 2, 3].map((n) => new Error(`try ${n}`));
    const { rig, calls, outcome, result } = await tried({
      interceptors: [retry(3)],
      run: ({ attempt }) => Promise.reject(errors[attempt - 1]),
    });
    expect(calls).toBe(3);
    expect(outcome.status).toBe('failed');
    expect(result.failure?.error).toBe(errors[2]);
    expect(rig.sink.ofType('stage.retry_exhausted')).toMatchObject([
      { stage: 'a', attempts: 3, error: { message: 'try 3' } },
    ]);
    expect(rig.story.slice(-3)).toEqual(['stage.retry_exhausted a', 'stage.failed a', 'pipeline.failed a']);
  });

  it('counts attempts per run (034)', async () => {
    let calls = 0;
    const rig = new Rig([
      {
        name: 'a',
        interceptors: [retry(2, { delayMs: 0 })],
        run: () => {
          calls++;
          throw new Error('busy');
        },
      },
    ]);
    const counts: number[] = [];
    for (let i = 0; i < 3; i++) {
      const run = rig.start();
      await rig.clock.advance(1);
      counts.push((await run.result).results.stage('a').attempts);
    }
    expect([calls, counts]).toEqual([6, [2, 2, 2]]);
  });

  it('answers StageOutput.retry, and waits at least as long as it asks for', async () => {
    const { rig, result } = await tried({
      interceptors: [retry(3)],
      run: ({ attempt }) => (attempt === 1 ? StageOutput.retry('rate limit', { afterMs: 500 }) : { attempt }),
    });
    expect(result).toMatchObject({ status: 'ok', attempts: 2, durationMs: 500 });
    expect(rig.sink.ofType('stage.retry_scheduled')).toMatchObject([{ delayMs: 500 }]);
  });

  it('fails a stage that asks too often with STAGE_RETRY_EXHAUSTED, the reason and retryable', async () => {
    const { outcome, result, calls } = await tried({
      interceptors: [retry(2)],
      run: () => StageOutput.retry('rate limit'),
    });
    expect(calls).toBe(2);
    expect(outcome.status).toBe('failed');
    expect(result.failure).toMatchObject({ code: 'STAGE_RETRY_EXHAUSTED', retryable: true });
    expect((result.failure?.error as Error | undefined)?.message).toContain('rate limit');
  });

  it('treats a returned fail like a throw', async () => {
    const { calls, result } = await tried({
      interceptors: [retry(3)],
      run: ({ attempt }) => (attempt < 3 ? StageOutput.fail('not yet') : { attempt }),
    });
    expect([calls, result.status]).toEqual([3, 'ok']);
  });

  it('does not try again what cannot succeed: retryable false, mistakes in the program, skip, cancel (035, 036)', async () => {
    const once: NonNullable<HandStage['run']>[] = [
      () => StageOutput.fail('no', { retryable: false }),
      () => Promise.reject(Object.assign(new Error('401'), { retryable: false })),
      (ctx) => ctx.inputs.from('undeclared'),
      () => 'text',
      () => StageOutput.skip('nothing'),
      () => StageOutput.cancel('enough'),
    ];
    for (const run of once) {
      const { calls, rig } = await tried({ interceptors: [retry(3)], run });
      expect(calls).toBe(1);
      expect(rig.story.some((line) => line.startsWith('stage.retry'))).toBe(false);
    }
  });

  it('retries what retryIf says, and only that', async () => {
    const retryIf = ({ code }: { code: string }) => code === 'BUSY';
    const busy = await tried({
      interceptors: [retry(3, { retryIf })],
      run: () => StageOutput.fail('x', { code: 'BUSY' }),
    });
    const other = await tried({
      interceptors: [retry(3, { retryIf })],
      run: () => StageOutput.fail('x', { code: 'OTHER' }),
    });
    expect([busy.calls, other.calls]).toEqual([3, 1]);
  });

  it('waits longer each time, up to the cap; factor 1 is constant (035)', async () => {
    const delays = async (options: object) => {
      const { rig } = await tried({ interceptors: [retry(6, options)], run: failing(9) });
      return rig.sink.ofType('stage.retry_scheduled').map(({ delayMs }) => delayMs);
    };
    expect(await delays({ delayMs: 10 })).toEqual([10, 20, 40, 80, 160]);
    expect(await delays({ delayMs: 10, maxDelayMs: 50 })).toEqual([10, 20, 40, 50, 50]);
    expect(await delays({ delayMs: 10, factor: 1 })).toEqual([10, 10, 10, 10, 10]);
    expect(await delays({ delayMs: 0 })).toEqual([0, 0, 0, 0, 0]);
  });

  it('never waits for a time that is not a number, after however many attempts', async () => {
    const { rig, calls } = await tried({ interceptors: [retry(1_100, { delayMs: 0 })], run: failing(2_000) }, 1);
    expect(calls).toBe(1_100);
    expect(rig.sink.ofType('stage.retry_scheduled').every(({ delayMs }) => delayMs === 0)).toBe(true);
  });

  it('a single attempt is no retry: nothing is exhausted', async () => {
    const { calls, rig } = await tried({ interceptors: [retry(1)], run: failing(9) });
    expect(calls).toBe(1);
    expect(rig.sink.ofType('stage.retry_exhausted')).toEqual([]);
  });

  it('ends with the run: a cancel while it waits is a cancel, and nothing runs again', async () => {
    let calls = 0;
    const rig = new Rig([
      {
        name: 'a',
        interceptors: [retry(3, { delayMs: 1_000 })],
        run: () => {
          calls++;
          throw new Error('busy');
        },
      },
    ]);
    const run = rig.start();
    await rig.clock.advance(500);
    run.cancel('stop');
    const outcome = await run.result;
    expect(outcome.results.stage('a')).toMatchObject({ status: 'cancel', reason: 'stop' });
    expect(calls).toBe(1);
    expect(rig.clock.pendingTimers).toBe(0);
  });
});

describe('retrying under a limit', () => {
  it.each([
    ['of the stage', { timeoutMs: 100, interceptors: [retry(2)] }],
    ['of an interceptor', { interceptors: [TimeoutInterceptor.with({ limitMs: 100 }), retry(2)] }],
  ])('%s, an attempt that times out is retried (031)', async (_, stage) => {
    const { result, calls, rig } = await tried({
      ...stage,
      run: async (ctx) => {
        if (ctx.attempt === 1) await ctx.sleep(500);
        return { attempt: ctx.attempt };
      },
    });
    expect([calls, result.status]).toEqual([2, 'ok']);
    expect(rig.sink.ofType('stage.retry_scheduled')).toMatchObject([
      { error: { code: 'STAGE_TIMEOUT', retryable: true } },
    ]);
  });

  it("a provider's own TimeoutError is retried, and told as it is (031)", async () => {
    const own = new DOMException('The gateway timed out.', 'TimeoutError');
    const { calls, rig, result } = await tried({ interceptors: [retry(2)], run: () => Promise.reject(own) });
    expect(calls).toBe(2);
    expect(result.failure?.error).toBe(own);
    expect(rig.sink.ofType('stage.retry_scheduled')[0]?.error).toMatchObject({ message: 'The gateway timed out.' });
  });

  it('every attempt has the whole limit for itself (032)', async () => {
    const { outcome, result, calls } = await tried({
      timeoutMs: 100,
      interceptors: [retry(2)],
      run: async (ctx) => {
        if (ctx.attempt === 1) throw new Error('busy');
        await ctx.sleep(500);
      },
    });
    expect(calls).toBe(2);
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error).toBeInstanceOf(StageTimeoutError);
    expect(result.durationMs).toBe(110);
  });
});

it.each([
  [{ attempts: 0 }],
  [{ attempts: 1.5 }],
  [{ attempts: Number.NaN }],
  [{ attempts: 2, delayMs: -1 }],
  [{ attempts: 2, delayMs: Number.NaN }],
  [{ attempts: 2, factor: 0.5 }],
  [{ attempts: 2, maxDelayMs: -1 }],
])('refuses %j: METADATA_OPTION_INVALID', (options) => {
  expect(() => RetryInterceptor.with(options)).toThrow(expect.objectContaining({ code: 'METADATA_OPTION_INVALID' }));
});
