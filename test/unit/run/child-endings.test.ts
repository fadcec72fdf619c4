import { describe, expect, it } from 'vitest';
import { RetryInterceptor } from '../../../src/interceptors/index.js';
import { PipelineCancelledError, type RunOutcome, StageFailedError } from '../../../src/run/index.js';
import { type SpawnablePipeline, type StageContext, StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { type HandOptions, type HandStage, Rig, spawnable, statusOf } from './hand-bound.js';

const child = (run: NonNullable<HandStage['run']>, options: HandOptions = {}): SpawnablePipeline =>
  spawnable([{ name: 'inner', run }], options);

/** Waits until it is told to stop. */
const waiting = child((ctx) => new Gate().pass(ctx.signal));

const parent = (run: NonNullable<HandStage['run']>, options: ConstructorParameters<typeof Rig>[1] = {}): Rig =>
  new Rig([{ name: 'outer', run }], { name: 'parent', ...options });

const starts =
  (pipeline: SpawnablePipeline) =>
  (ctx: StageContext): Promise<void> =>
    ctx.spawn(pipeline).then(() => {});

/** The error of an outcome that is not completed. */
function errorOf(outcome: RunOutcome): any {
  if (outcome.status === 'completed') throw new Error('It completed.');
  return outcome.error;
}

describe('cancelling a run whose stages have started runs', () => {
  it('reaches all of them at once, and ends after them', async () => {
    const told: string[] = [];
    const order: string[] = [];
    const leaf = child(async (ctx) => {
      ctx.signal.addEventListener('abort', () => told.push(`leaf: ${ctx.signal.reason}`));
      ctx.onCleanup(() => void order.push('leaf cleaned'));
      await new Gate().pass(ctx.signal).finally(() => settle());
    });
    const middle = child(async (ctx) => {
      ctx.signal.addEventListener('abort', () => told.push(`middle: ${ctx.signal.reason}`));
      ctx.onCleanup(() => void order.push('middle cleaned'));
      await Promise.all([ctx.spawn(leaf), ctx.spawn(leaf)]);
    });
    const rig = parent(async (ctx) => {
      ctx.onCleanup(() => void order.push('outer cleaned'));
      await ctx.spawn(middle).finally(() => order.push('outer knows'));
    });
    const run = rig.start();
    await settle();
    run.cancel('enough');
    expect(told.sort()).toEqual(['leaf: enough', 'leaf: enough', 'middle: enough']);
    const outcome = await run.result;
    expect(errorOf(outcome)).toMatchObject({ code: 'RUN_CANCELLED', stage: null, reason: 'enough' });
    expect(statusOf(outcome, 'outer')).toBe('cancel');
    expect(order).toEqual(['leaf cleaned', 'leaf cleaned', 'middle cleaned', 'outer knows', 'outer cleaned']);
    expect(rig.sink.ofType('pipeline.cancelled').map(({ lineage }) => lineage.depth)).toEqual([2, 2, 1, 0]);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('waits for one that needs all of its grace period, and says who was given up', async () => {
    const never = child(() => new Promise(() => {}));
    const rig = parent(starts(never), { graceMs: 1_000 });
    const run = rig.start();
    await settle();
    run.cancel('enough');
    await rig.clock.advance(999);
    expect(rig.sink.ofType('pipeline.cancelled')).toEqual([]);
    await rig.clock.advance(1);
    const outcome = await run.result;
    expect(outcome.status).toBe('cancelled');
    expect(outcome.results.abandoned).toEqual([]);
    expect(rig.sink.ofType('stage.abandoned')).toMatchObject([{ stage: 'inner', lineage: { path: ['outer'] } }]);
    expect(rig.story.slice(-4)).toEqual([
      'stage.cancelled inner',
      'pipeline.cancelled',
      'stage.cancelled outer',
      'pipeline.cancelled',
    ]);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it.each([0, 1_000])(
    'gives up a stage that does not go on after its runs have ended (grace %i ms)',
    async (graceMs) => {
      const rig = parent(
        async (ctx) => {
          await ctx.spawn(child(() => new Promise(() => {}))).catch(() => {});
          await new Promise(() => {});
        },
        { graceMs },
      );
      const run = rig.start();
      await settle();
      run.cancel('enough');
      await rig.clock.advance(2_000);
      const outcome = await run.result;
      expect(outcome.results.abandoned).toEqual(['outer']);
      expect(rig.sink.ofType('stage.abandoned')).toHaveLength(2);
      expect(rig.clock.pendingTimers).toBe(0);
    },
  );

  it('of one stage alone ends the runs of that stage, and not the others', async () => {
    const gate = new Gate();
    const rig = new Rig([
      { name: 'one', run: starts(waiting) },
      { name: 'two', run: starts(child(() => gate.pass())) },
    ]);
    const run = rig.start();
    await settle();
    run.cancelStage('one', 'not this one');
    await settle();
    gate.open();
    const outcome = await run.result;
    expect(outcome.status).toBe('completed');
    expect(outcome.results.stage('one')).toMatchObject({ status: 'cancel', reason: 'not this one' });
    expect(statusOf(outcome, 'two')).toBe('ok');
  });

  it('starts nothing any more', async () => {
    let started = false;
    const inner = child(() => {
      started = true;
    });
    const gate = new Gate();
    const rig = parent((ctx) => gate.pass().then(() => ctx.spawn(inner).then(() => {})));
    const run = rig.start();
    await settle();
    run.cancel('enough');
    gate.open();
    expect((await run.result).status).toBe('cancelled');
    expect(started).toBe(false);
  });

  it('by the signal that the child was given leaves the parent alone', async () => {
    const controller = new AbortController();
    const rig = parent(async (ctx) => {
      const error = await ctx.spawn(waiting, {}, { signal: controller.signal }).catch((thrown) => thrown);
      return { reason: error.reason };
    });
    const run = rig.start();
    await settle();
    controller.abort('just this');
    expect((await run.result).results.of('outer')).toEqual({ reason: 'just this' });
  });
});

describe('a child that is cancelled by one of its stages', () => {
  const done = spawnable([
    { name: 'first', run: () => ({ n: 1 }) },
    { name: 'last', dependsOn: ['first'], run: () => StageOutput.cancel('nothing to do') },
  ]);

  it('cancels its parent where the stage lets that through: a cancel is no failure (130)', async () => {
    const rig = new Rig([
      { name: 'outer', run: starts(done) },
      { name: 'after', dependsOn: ['outer'] },
    ]);
    const outcome = await rig.outcome();
    expect(errorOf(outcome)).toMatchObject({ code: 'RUN_CANCELLED', stage: 'outer', reason: 'nothing to do' });
    expect(outcome.results.stage('outer')).toMatchObject({ status: 'cancel', reason: 'nothing to do' });
    expect(rig.sink.ofType('stage.failed')).toEqual([]);
  });

  it('arrives as PipelineCancelledError with what was completed, which a stage may catch', async () => {
    const rig = parent(async (ctx) => {
      const error = await ctx.spawn(done).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(PipelineCancelledError);
      return error.results.outputs;
    });
    const outcome = await rig.outcome();
    expect(outcome.status).toBe('completed');
    expect(outcome.results.of('outer')).toEqual({ first: { n: 1 } });
  });

  it('is not tried again, and also a cancel through interceptors', async () => {
    const retry = RetryInterceptor.with({ attempts: 3 });
    const rig = new Rig([{ name: 'outer', run: starts(done), interceptors: [retry] }]);
    const outcome = await rig.outcome();
    expect(outcome.status).toBe('cancelled');
    expect(outcome.results.stage('outer').attempts).toBe(1);
  });
});

describe('a child that fails', () => {
  const failing = spawnable([
    { name: 'first', run: () => ({ n: 1 }) },
    {
      name: 'last',
      dependsOn: ['first'],
      run: () => {
        throw new Error('no more');
      },
    },
  ]);

  it('fails its stage, and the error carries what was completed', async () => {
    const outcome = await parent(starts(failing)).outcome();
    const error = errorOf(outcome);
    expect(error).toMatchObject({ code: 'STAGE_FAILED', stage: 'outer' });
    expect(error.cause).toBeInstanceOf(StageFailedError);
    expect(error.cause).toMatchObject({ stage: 'last', results: { outputs: { first: { n: 1 } } } });
    expect(error.message).toContain('no more');
  });

  it.each([
    [Object.assign(new Error('busy'), { status: 503 }), 3],
    [Object.assign(new Error('no such page'), { status: 404 }), 1],
    [new Error('who knows'), 3],
  ])('is started anew by a retry, as another run, if its failure is worth it: %s', async (failure, attempts) => {
    const ids = new Set<string>();
    const flaky = child(({ runId }) => {
      ids.add(runId);
      return ids.size < 3 ? StageOutput.fail(failure) : {};
    });
    const retry = RetryInterceptor.with({ attempts: 3 });
    const rig = new Rig([{ name: 'outer', run: starts(flaky), interceptors: [retry] }]);
    const pending = rig.outcome();
    await rig.clock.advance(60_000);
    expect((await pending).results.stage('outer').status).toBe(attempts === 3 ? 'ok' : 'fail');
    expect(ids.size).toBe(attempts);
  });
});

describe('a stage that does not wait for the runs it starts', () => {
  it.each([false, true])('settles after them all the same (with interceptors: %s)', async (isOnion) => {
    const gate = new Gate();
    let isOpen = false;
    const interceptors = isOnion ? [RetryInterceptor.with({ attempts: 2 })] : [];
    const rig = new Rig([
      {
        name: 'outer',
        interceptors,
        run: (ctx) => {
          ctx.spawn(child(() => gate.pass()));
          return { value: 1 };
        },
      },
      { name: 'after', dependsOn: ['outer'], run: () => ({ open: isOpen }) },
    ]);
    const run = rig.start();
    await settle();
    expect(rig.sink.ofType('stage.completed')).toEqual([]);
    isOpen = true;
    gate.open();
    const { results } = await run.result;
    expect(results.outputs).toEqual({ outer: { value: 1 }, after: { open: true } });
  });

  it.each([false, true])('cancels them when it fails (with interceptors: %s)', async (isOnion) => {
    const interceptors = isOnion ? [RetryInterceptor.with({ attempts: 2 })] : [];
    const alive = { now: 0, most: 0 };
    const inner = child(async (ctx) => {
      alive.most = Math.max(alive.most, ++alive.now);
      await new Gate().pass(ctx.signal).finally(() => alive.now--);
    });
    const run = (ctx: StageContext): Promise<unknown> =>
      Promise.all([ctx.spawn(inner), ctx.spawn(inner), settle().then(() => Promise.reject(new Error('one broke')))]);
    const rig = new Rig([{ name: 'outer', run, interceptors }]);
    const pending = rig.outcome();
    await rig.clock.advance(60_000);
    const outcome = await pending;
    expect(errorOf(outcome)).toMatchObject({ code: 'STAGE_FAILED', cause: { message: 'one broke' } });
    expect(alive).toEqual({ now: 0, most: 2 });
    for (const { reason } of rig.sink.ofType('pipeline.cancelled')) {
      expect(reason).toContain('Stage "outer", which started the run, has failed.');
    }
  });

  it('is not failed by what became of them, which the events say', async () => {
    const rig = parent((ctx) => {
      ctx.spawn(child(() => Promise.reject(new Error('unheard'))));
    });
    expect((await rig.outcome()).status).toBe('completed');
    expect(rig.sink.ofType('pipeline.failed')).toMatchObject([{ lineage: { path: ['outer'] } }]);
  });
});

describe('the limit of a stage', () => {
  it.each([false, true])('ends the runs it has started (with interceptors: %s)', async (isOnion) => {
    const interceptors = isOnion ? [RetryInterceptor.with({ attempts: 2 })] : [];
    const never = child(() => new Promise(() => {}));
    const rig = new Rig([{ name: 'outer', run: starts(never), timeoutMs: 100, interceptors }], { graceMs: 50 });
    const pending = rig.outcome();
    await rig.clock.advance(60_000);
    const outcome = await pending;
    expect(errorOf(outcome)).toMatchObject({ code: 'STAGE_TIMEOUT', stage: 'outer' });
    expect(rig.sink.ofType('pipeline.started')).toHaveLength(isOnion ? 3 : 2);
    expect(rig.sink.ofType('stage.abandoned').map(({ stage }) => stage)).toEqual(
      isOnion ? ['inner', 'inner'] : ['inner'],
    );
    expect(rig.clock.pendingTimers).toBe(0);
  });
});

describe('closing an engine', () => {
  it('lets running stages start runs for the grace period, then cancels all of them', async () => {
    const gate = new Gate();
    const rig = parent((ctx) => gate.pass().then(() => starts(waiting)(ctx)), { graceMs: 100 });
    const run = rig.start();
    await settle();
    const closed = rig.engine.close();
    gate.open();
    await settle();
    expect(rig.sink.ofType('pipeline.started')).toHaveLength(2);
    await rig.clock.advance(100);
    await closed;
    expect((await run.result).status).toBe('cancelled');
    expect(rig.clock.pendingTimers).toBe(0);
  });
});
