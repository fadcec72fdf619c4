import { describe, expect, it } from 'vitest';
import { type StageflowLogger, silentLogger } from '../../../src/events/index.js';
import type { BoundPipeline, BoundStage, RunInstances } from '../../../src/run/index.js';
import { Engine } from '../../../src/run/index.js';
import type { RunContext } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { ManualClock, settle } from '../../../src/testing/manual-clock.js';
import { bind, Rig } from './hand-bound.js';

/** A pipeline whose one stage is run-scoped. */
function runScoped(openRun: (run: RunContext) => RunInstances | Promise<RunInstances>): BoundPipeline {
  const bound = bind([{ name: 'a' }], { openRun });
  const stages: readonly BoundStage[] = bound.stages.map((stage) => ({ ...stage, instance: null }));
  return { ...bound, stages };
}

const instances = (order: string[], execute: () => unknown = () => undefined): RunInstances => ({
  stage: () => ({ execute }),
  close: () => void order.push('close'),
});

describe('what belongs to one run', () => {
  it('is opened before the first stage with the context of the run, and closed after its cleanups', async () => {
    const order: string[] = [];
    const seen: RunContext[] = [];
    const bound = bind([{ name: 'a', run: (ctx) => ctx.onCleanup(() => void order.push('cleanup')) }], {
      openRun: async (run) => {
        seen.push(run);
        order.push('open');
        return instances(order);
      },
    });
    const engine = new Engine({ clock: new ManualClock() });
    const { id, result } = engine.start(bound, { input: 7 });
    expect((await result).status).toBe('completed');
    expect(order).toEqual(['open', 'cleanup', 'close']);
    expect([seen[0]?.runId, seen[0]?.identity.runId, seen[0]?.snapshot.input, seen[0]?.pipeline]).toEqual([
      id,
      id,
      7,
      'hand',
    ]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no database');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no database'))],
  ])('fails the run with DI_CONSTRUCTION_FAILED when building it %s; no stage runs', async (_, openRun) => {
    const rig = new Rig([{ name: 'a' }], { openRun });
    const outcome = await rig.outcome();
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error).toMatchObject({ code: 'DI_CONSTRUCTION_FAILED' });
    expect(outcome.error.message).toContain('no database');
    expect(rig.story).toEqual(['pipeline.started', 'pipeline.failed']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('a stage that cannot be built fails by itself', async () => {
    const cause = new Error('no stage');
    const engine = new Engine({ clock: new ManualClock() });
    const bound = runScoped(() => ({
      stage: () => {
        throw cause;
      },
      close: () => {},
    }));
    const outcome = await engine.start(bound).result;
    expect(outcome.results.stage('a').failure).toMatchObject({ error: cause });
  });

  it('is not opened for a run that is cancelled before it starts', async () => {
    let opened = false;
    const rig = new Rig([{ name: 'a' }], {
      openRun: () => {
        opened = true;
        return instances([]);
      },
    });
    await rig.outcome({}, { signal: AbortSignal.abort('early') });
    expect(opened).toBe(false);
  });

  it('that arrives within the grace period after a cancel is closed, and no stage runs', async () => {
    const order: string[] = [];
    const gate = new Gate<RunInstances>();
    const rig = new Rig([{ name: 'a' }], { openRun: () => gate.pass() });
    const run = rig.start();
    await settle();
    run.cancel('stop');
    await rig.clock.advance(500);
    gate.open(instances(order));
    const outcome = await run.result;
    expect(outcome.status).toBe('cancelled');
    expect(order).toEqual(['close']);
    expect(rig.story).toEqual(['pipeline.started', 'pipeline.cancelled']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('is told of the cancel through the signal of the run', async () => {
    const rig = new Rig([{ name: 'a' }], { openRun: ({ signal }) => new Gate<RunInstances>().pass(signal) });
    const run = rig.start();
    await settle();
    run.cancel('stop');
    const outcome = await run.result;
    expect(outcome.status).toBe('cancelled');
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it.each([
    ['', () => {}],
    [
      ' and whose closing throws',
      () => {
        throw new Error('close');
      },
    ],
    [' and whose closing rejects', () => Promise.reject(new Error('close'))],
  ])('that arrives after the grace period%s is closed, without an unhandled rejection', async (_, close) => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    for (const warn of [
      () => {},
      () => {
        throw new Error('logger');
      },
    ]) {
      const logger: StageflowLogger = { ...silentLogger, warn };
      let closed = 0;
      const gate = new Gate<RunInstances>();
      const rig = new Rig([{ name: 'a' }], { openRun: () => gate.pass(), logger });
      const run = rig.start();
      await settle();
      run.cancel('stop');
      await rig.clock.advance(1_000);
      expect((await run.result).status).toBe('cancelled');
      gate.open({
        stage: () => ({ execute: () => {} }),
        close: () => {
          closed++;
          return close();
        },
      });
      await settle();
      expect(closed).toBe(1);
    }
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  it('that takes longer than the deadline of the run fails it with RUN_TIMEOUT', async () => {
    const order: string[] = [];
    const gate = new Gate<RunInstances>();
    const rig = new Rig([{ name: 'a' }], { openRun: () => gate.pass() });
    const run = rig.start({}, { timeoutMs: 50 });
    await rig.clock.advance(50);
    gate.open(instances(order));
    const outcome = await run.result;
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error.code).toBe('RUN_TIMEOUT');
    expect(order).toEqual(['close']);
  });

  it('whose closing fails is a failed cleanup, not a failed run', async () => {
    const rig = new Rig([{ name: 'a' }], {
      openRun: () => ({ stage: () => ({ execute: () => {} }), close: () => Promise.reject(new Error('close')) }),
    });
    const outcome = await rig.outcome();
    expect(outcome.status).toBe('completed');
    expect(outcome.results.cleanupFailures).toMatchObject([{ error: { code: 'CLEANUP_FAILED' } }]);
  });
});
