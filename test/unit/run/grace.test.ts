import { describe, expect, it } from 'vitest';
import type { Interceptor, StageContext } from '../../../src/stage/index.js';
import { StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { Rig, statusOf } from './hand-bound.js';

const passThrough: Interceptor = { name: 'pass', intercept: (_, next) => next() };

describe.each([
  ['directly', []],
  ['inside an interceptor', [passThrough]],
])('an uncooperative stage, called %s', (_, interceptors) => {
  it('is abandoned when the grace period is over, named, and what it returns later is dropped', async () => {
    const gate = new Gate<object>();
    const rig = new Rig([{ name: 'deaf', interceptors, run: () => gate.pass() }, { name: 'ok' }], { graceMs: 300 });
    const run = rig.start();
    await settle();
    run.cancel('stop');
    await rig.clock.advance(299);
    expect(rig.story).not.toContain('pipeline.cancelled');
    await rig.clock.advance(1);
    const outcome = await run.result;
    const events = rig.sink.events.length;
    gate.open({ late: true });
    await settle();
    expect(outcome.status).toBe('cancelled');
    expect(outcome.results.abandoned).toEqual(['deaf']);
    expect(outcome.results.stage('deaf')).toMatchObject({ status: 'cancel', abandoned: true, data: undefined });
    expect(outcome.results.outputs).toEqual({ ok: {} });
    expect(rig.sink.ofType('stage.abandoned')).toMatchObject([{ stage: 'deaf', graceMs: 300 }]);
    expect(rig.sink.events).toHaveLength(events);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('that fails late changes nothing and leaves no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    const gate = new Gate<object>();
    const rig = new Rig([{ name: 'deaf', interceptors, run: () => gate.pass() }]);
    const run = rig.start();
    await settle();
    run.cancel('stop');
    await rig.clock.advance(1_000);
    const outcome = await run.result;
    gate.fail(new Error('late'));
    await settle();
    process.off('unhandledRejection', listener);
    expect(outcome.results.failures).toEqual([]);
    expect(unhandled).toEqual([]);
  });

  it('with a limit of its own leaves no timer', async () => {
    const rig = new Rig([{ name: 'deaf', interceptors, timeoutMs: 60_000, run: () => new Promise(() => {}) }]);
    const run = rig.start();
    await settle();
    run.cancel('stop');
    await rig.clock.advance(1_000);
    expect((await run.result).results.abandoned).toEqual(['deaf']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('with a limited call inside leaves no timer', async () => {
    const rig = new Rig([
      { name: 'deaf', interceptors, run: (ctx) => ctx.withTimeout(60_000, () => new Promise<void>(() => {})) },
    ]);
    const run = rig.start();
    await settle();
    run.cancel('stop');
    await rig.clock.advance(1_000);
    await run.result;
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('that unwinds within the grace period is not abandoned', async () => {
    const gate = new Gate();
    const rig = new Rig([{ name: 'slow', interceptors, run: () => gate.pass() }]);
    const run = rig.start();
    await settle();
    run.cancel('stop');
    await rig.clock.advance(999);
    gate.open();
    const outcome = await run.result;
    expect(outcome.results.abandoned).toEqual([]);
    expect(statusOf(outcome, 'slow')).toBe('ok');
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('reports nothing more once its run has ended, and does not count attempts in results already given', async () => {
    const gate = new Gate();
    const late: { ctx?: StageContext } = {};
    const rig = new Rig([
      {
        name: 'deaf',
        interceptors,
        run: (ctx) => {
          late.ctx = ctx;
          return gate.pass();
        },
      },
    ]);
    const run = rig.start();
    await settle();
    run.cancel('stop');
    await rig.clock.advance(1_000);
    const { results } = await run.result;
    const events = rig.sink.events.length;
    late.ctx?.emit('late');
    late.ctx?.progress(1);
    late.ctx?.retryScheduled(1, { error: null, code: 'x', retryable: true, hint: null });
    gate.open();
    await settle();
    expect(rig.sink.events).toHaveLength(events);
    expect(results.stage('deaf').attempts).toBe(1);
  });

  it('has a cleanup run at once that it registers after its run has ended: nobody else will tidy up', async () => {
    const gate = new Gate();
    let leaked = true;
    const rig = new Rig([
      {
        name: 'deaf',
        interceptors,
        run: async (ctx) => {
          await gate.pass();
          ctx.onCleanup(() => {
            leaked = false;
          });
        },
      },
    ]);
    const run = rig.start();
    await settle();
    run.cancel('stop');
    await rig.clock.advance(1_000);
    await run.result;
    gate.open();
    await settle();
    expect(leaked).toBe(false);
  });
});

it('a grace period of 0 ends the run without waiting', async () => {
  const rig = new Rig([{ name: 'deaf', run: () => new Promise(() => {}) }], { graceMs: 0 });
  const run = rig.start();
  await settle();
  run.cancel('stop');
  await rig.clock.advance(0);
  expect((await run.result).results.abandoned).toEqual(['deaf']);
});

it('a stage that is cancelled alone and will not stop is abandoned after the grace period, and the rest goes on', async () => {
  const rig = new Rig([
    { name: 'deaf', run: () => new Promise(() => {}) },
    { name: 'a', run: (ctx) => ctx.sleep(2_000) },
  ]);
  const run = rig.start();
  await settle();
  run.cancelStage('deaf', 'not needed');
  await rig.clock.advance(1_000);
  expect(rig.sink.ofType('stage.cancelled')).toMatchObject([{ stage: 'deaf', reason: 'not needed' }]);
  await rig.clock.advance(1_000);
  const outcome = await run.result;
  expect(outcome.status).toBe('completed');
  expect(outcome.results.stage('deaf')).toMatchObject({ status: 'cancel', reason: 'not needed', abandoned: true });
  expect(statusOf(outcome, 'a')).toBe('ok');
  expect(rig.clock.pendingTimers).toBe(0);
});

it.each([
  ['a limit of its own', { timeoutMs: 60_000 }],
  ['a limited call inside', { run: (ctx: StageContext) => ctx.withTimeout(60_000, () => new Promise<void>(() => {})) }],
  ['a limit around it', { timeoutMs: 60_000, interceptors: [passThrough] }],
])('a stage that is given up alone leaves no timer, and is abandoned once: %s', async (_, stage) => {
  const rig = new Rig([
    { name: 'deaf', run: () => new Promise(() => {}), ...stage },
    { name: 'a', run: (ctx) => ctx.sleep(2_000) },
  ]);
  const run = rig.start();
  await settle();
  run.cancelStage('deaf', 'not needed');
  await rig.clock.advance(2_000);
  expect((await run.result).status).toBe('completed');
  expect(rig.clock.pendingTimers).toBe(0);
  await rig.clock.advance(100_000);
  expect(rig.sink.ofType('stage.abandoned')).toHaveLength(1);
});

it('a stage that is given up alone does not report its limit while the run goes on', async () => {
  const rig = new Rig([
    { name: 'deaf', timeoutMs: 1_500, run: () => new Promise(() => {}) },
    { name: 'a', run: (ctx) => ctx.sleep(5_000) },
  ]);
  const run = rig.start();
  await settle();
  run.cancelStage('deaf', 'not needed');
  await rig.clock.advance(5_000);
  expect((await run.result).results.stage('deaf')).toMatchObject({ status: 'cancel', reason: 'not needed' });
  expect(rig.sink.ofType('stage.abandoned')).toHaveLength(1);
  expect(rig.sink.ofType('stage.cancelled')).toHaveLength(1);
});

it.each([
  ['directly', []],
  ['inside an interceptor', [passThrough]],
])(
  'a stage called %s is abandoned once when its own grace and that of the run end together',
  async (_, interceptors) => {
    const rig = new Rig([
      { name: 'first', timeoutMs: 8, run: (ctx) => ctx.sleep(10) },
      { name: 'deaf', timeoutMs: 8, interceptors, run: () => new Promise(() => {}) },
    ]);
    const run = rig.start();
    await rig.clock.advance(2_000);
    const outcome = await run.result;
    expect(outcome.results.abandoned).toEqual(['deaf']);
    expect(rig.sink.ofType('stage.abandoned')).toHaveLength(1);
    expect(rig.clock.pendingTimers).toBe(0);
  },
);

it('under fail-fast a sibling that will not stop is abandoned, and the failure stands', async () => {
  const rig = new Rig([
    { name: 'deaf', run: () => new Promise(() => {}) },
    { name: 'a', run: () => Promise.reject(new Error('no')) },
  ]);
  const run = rig.start();
  await rig.clock.advance(1_000);
  const outcome = await run.result;
  if (outcome.status !== 'failed') throw new Error(outcome.status);
  expect(outcome.error).toMatchObject({ stage: 'a' });
  expect(outcome.results.stage('deaf')).toMatchObject({ status: 'cancel', abandoned: true });
});

it('a run whose interceptor went on without its stage waits for the stage before it ends', async () => {
  const gate = new Gate();
  const impatient: Interceptor = {
    name: 'impatient',
    intercept: (_, next) => {
      void next();
      return StageOutput.ok({ fallback: true });
    },
  };
  const rig = new Rig([{ name: 'a', interceptors: [impatient], run: () => gate.pass() }]);
  const run = rig.start();
  let ended = false;
  run.result.then(() => {
    ended = true;
  });
  await settle();
  expect(ended).toBe(false);
  gate.open();
  const outcome = await run.result;
  expect(outcome.results.of('a')).toEqual({ fallback: true });
  expect(outcome.results.abandoned).toEqual([]);
  expect(rig.clock.pendingTimers).toBe(0);
});

it('such a stage is abandoned after the grace period, and the run still completes', async () => {
  const impatient: Interceptor = {
    name: 'impatient',
    intercept: (_, next) => {
      void next();
      return StageOutput.ok();
    },
  };
  const rig = new Rig([{ name: 'a', interceptors: [impatient], run: () => new Promise(() => {}) }]);
  const run = rig.start();
  await rig.clock.advance(1_000);
  const outcome = await run.result;
  expect(outcome.status).toBe('completed');
  expect(outcome.results.abandoned).toEqual(['a']);
  expect(rig.clock.pendingTimers).toBe(0);
});
