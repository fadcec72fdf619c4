import { describe, expect, it } from 'vitest';
import { PipelineCancelledError, RunFailedError } from '../../../src/run/index.js';
import { StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { type HandStage, Rig, rejection, statusOf } from './hand-bound.js';

/** Waits until it is told to stop. */
const waiting = (name: string, dependsOn: string[] = []): HandStage => ({
  name,
  dependsOn,
  run: (ctx) => new Gate().pass(ctx.signal),
});

describe('a stage that returns cancel', () => {
  it('ends the run as cancelled, with reason and results, and aborts what runs (014)', async () => {
    const rig = new Rig([
      { name: 'a', run: () => ({ a: 1 }) },
      waiting('slow'),
      { name: 'b', dependsOn: ['a'], run: async () => StageOutput.cancel('enough', { found: 3 }) },
      { name: 'after', dependsOn: ['b'] },
    ]);
    const outcome = await rig.outcome();
    if (outcome.status !== 'cancelled') throw new Error(outcome.status);
    expect(outcome.error).toBeInstanceOf(PipelineCancelledError);
    expect(outcome.error).toMatchObject({ code: 'RUN_CANCELLED', stage: 'b', reason: 'enough' });
    expect(outcome.results.outputs).toEqual({ a: { a: 1 } });
    expect(outcome.results.stage('b')).toMatchObject({ status: 'cancel', reason: 'enough', data: { found: 3 } });
    expect(statusOf(outcome, 'slow')).toBe('cancel');
    expect(statusOf(outcome, 'after')).toBe('not-started');
    expect(rig.sink.ofType('pipeline.cancelled')).toMatchObject([{ stage: 'b', reason: 'enough' }]);
  });

  it('never loses what completes in the same tick (015)', async () => {
    for (let round = 0; round < 200; round++) {
      const gate = new Gate();
      const ok = { name: 'a', run: () => gate.pass().then(() => ({ n: round })) };
      const cancel = { name: 'c', run: () => gate.pass().then(() => StageOutput.cancel('done')) };
      const rig = new Rig(round % 2 === 0 ? [ok, cancel] : [cancel, ok]);
      const run = rig.start();
      if (round % 3 === 0) await settle();
      gate.open();
      const outcome = await run.result;
      expect(outcome.status).toBe('cancelled');
      expect(outcome.results.outputs).toEqual({ a: { n: round } });
    }
  });
});

describe('cancelling a run', () => {
  it('during its last stage gives cancelled, even if that stage completes (017)', async () => {
    const gate = new Gate();
    const rig = new Rig([{ name: 'a', run: () => gate.pass().then(() => ({ a: 1 })) }]);
    const run = rig.start();
    await settle();
    run.cancel('no longer wanted');
    gate.open();
    const outcome = await run.result;
    if (outcome.status !== 'cancelled') throw new Error(outcome.status);
    expect(outcome.error).toMatchObject({ stage: null, reason: 'no longer wanted' });
    expect(outcome.results.outputs).toEqual({ a: { a: 1 } });
  });

  it('before it starts runs no body (018)', async () => {
    let ran = false;
    const rig = new Rig([
      {
        name: 'a',
        run: () => {
          ran = true;
        },
      },
    ]);
    const error = await rejection(rig.engine.run(rig.bound, {}, { signal: AbortSignal.abort('too late') }));
    expect(error).toMatchObject({ code: 'RUN_CANCELLED', reason: 'too late' });
    expect(ran).toBe(false);
    expect(rig.story).toEqual(['pipeline.started', 'pipeline.cancelled']);
    expect(error.results.stage('a').status).toBe('not-started');
  });

  it('shows at a checkpoint, and makes the stage cancelled with the reason (018)', async () => {
    const gate = new Gate();
    const seen: unknown[] = [];
    const rig = new Rig([
      {
        name: 'a',
        run: async (ctx) => {
          ctx.checkpoint();
          seen.push(ctx.cancelled);
          await gate.pass();
          seen.push(ctx.cancelled, ctx.signal.reason);
          ctx.checkpoint();
        },
      },
    ]);
    const run = rig.start();
    await settle();
    run.cancel('stop');
    gate.open();
    const outcome = await run.result;
    expect(seen).toEqual([false, true, 'stop']);
    expect(outcome.results.stage('a')).toMatchObject({ status: 'cancel', reason: 'stop', failure: null });
  });

  it('ends a sleep at once, with STAGE_CANCELLED, and leaves no timer', async () => {
    let caught: unknown;
    const rig = new Rig([
      {
        name: 'a',
        run: async (ctx) => {
          try {
            await ctx.sleep(10_000);
          } catch (error) {
            caught = error;
            throw error;
          }
        },
      },
    ]);
    const run = rig.start();
    await settle();
    run.cancel('stop');
    expect((await run.result).status).toBe('cancelled');
    expect(caught).toMatchObject({ code: 'STAGE_CANCELLED', cause: 'stop' });
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('refuses a sleep that begins after it', async () => {
    const rig = new Rig([
      {
        name: 'a',
        run: async (ctx) => {
          await new Gate().pass(ctx.signal).catch(() => {});
          await ctx.sleep(1_000);
        },
      },
    ]);
    const run = rig.start();
    await settle();
    run.cancel();
    expect(statusOf(await run.result, 'a')).toBe('cancel');
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('has no effect once the run is decided', async () => {
    const rig = new Rig([{ name: 'a' }]);
    const run = rig.start();
    const outcome = await run.result;
    run.cancel('late');
    expect(outcome.status).toBe('completed');
    expect(run.cancelStage('a')).toBe(false);
    expect(rig.story.at(-1)).toBe('pipeline.completed');
  });

  it('takes the first of two reasons', async () => {
    const rig = new Rig([waiting('a')]);
    const run = rig.start();
    run.cancel('first');
    run.cancel('second');
    expect((await run.result).results.stage('a').reason).toBe('first');
  });

  it.each([[null], [undefined], [{ why: 1 }], [new Error('why')], [Symbol('why')]])(
    'accepts %s as its reason',
    async (reason) => {
      const rig = new Rig([waiting('a')]);
      const run = rig.start();
      run.cancel(reason);
      const outcome = await run.result;
      if (outcome.status !== 'cancelled') throw new Error(outcome.status);
      expect(typeof outcome.error.reason).toBe('string');
      expect(statusOf(outcome, 'a')).toBe('cancel');
    },
  );

  it('keeps a real failure that happens while the run unwinds, without changing the outcome', async () => {
    const real = new Error('disk full');
    const rig = new Rig([
      {
        name: 'a',
        run: async (ctx) => {
          await new Gate().pass(ctx.signal).catch(() => {});
          throw real;
        },
      },
    ]);
    const run = rig.start();
    await settle();
    run.cancel('stop');
    const outcome = await run.result;
    expect(outcome.status).toBe('cancelled');
    expect(outcome.results.failures).toMatchObject([{ stage: 'a', failure: { error: real } }]);
  });
});

describe('a stage that throws an abort error of its own', () => {
  it('fails, and its siblings are aborted: the caller did not cancel (025)', async () => {
    const client = new DOMException('The client hung up.', 'AbortError');
    const rig = new Rig([waiting('sibling'), { name: 'a', run: () => Promise.reject(client) }]);
    const outcome = await rig.outcome();
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error).toMatchObject({ code: 'STAGE_FAILED', stage: 'a', cause: client });
    expect(statusOf(outcome, 'sibling')).toBe('cancel');
  });
});

describe('cancelling one stage', () => {
  it('leaves the other branches alone and blocks what requires it (026)', async () => {
    const gate = new Gate();
    const rig = new Rig([
      waiting('a'),
      { name: 'a2', dependsOn: ['a'] },
      { name: 'b', run: () => gate.pass() },
      { name: 'b2', dependsOn: ['b'], run: () => ({ b2: 1 }) },
    ]);
    const run = rig.start();
    await settle();
    expect(run.cancelStage('a', 'not this one')).toBe(true);
    gate.open();
    const { results } = await run.result;
    expect(results.stage('a')).toMatchObject({ status: 'cancel', reason: 'not this one' });
    expect(results.stage('a2')).toMatchObject({
      status: 'skip',
      skipCause: 'dependency-cancelled',
      reason: '"a" was cancelled',
    });
    expect(results.of('b2')).toEqual({ b2: 1 });
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('before it starts means that it never does', async () => {
    const gate = new Gate();
    let ran = false;
    const rig = new Rig([
      { name: 'first', run: () => gate.pass() },
      {
        name: 'a',
        dependsOn: ['first'],
        run: () => {
          ran = true;
        },
      },
    ]);
    const run = rig.start();
    await settle();
    run.cancelStage('a', 'not needed');
    gate.open();
    const { results } = await run.result;
    expect(ran).toBe(false);
    expect(results.stage('a')).toMatchObject({ status: 'cancel', reason: 'not needed', attempts: 0, startedAt: null });
    expect(rig.sink.ofType('stage.cancelled')).toMatchObject([{ stage: 'a', durationMs: 0 }]);
  });

  it('is seen as "cancel" by a dependent that does not require it', async () => {
    let seen: unknown;
    const rig = new Rig([
      waiting('a'),
      {
        name: 'b',
        dependsOn: [{ stage: 'a', optional: true }],
        run: (ctx) => {
          seen = [ctx.inputs.status('a').status, ctx.inputs.from('a')];
        },
      },
    ]);
    const run = rig.start();
    await settle();
    run.cancelStage('a');
    expect((await run.result).status).toBe('completed');
    expect(seen).toEqual(['cancel', undefined]);
  });

  it('of a name that is not there is refused: RUN_INPUT_INVALID', async () => {
    const rig = new Rig([{ name: 'a' }]);
    const run = rig.start();
    expect(() => run.cancelStage('b')).toThrow(expect.objectContaining({ code: 'RUN_INPUT_INVALID' }));
    await run.result;
  });

  it('that sleeps ends its sleep', async () => {
    const rig = new Rig([{ name: 'a', run: (ctx) => ctx.sleep(5_000) }, { name: 'b' }]);
    const run = rig.start();
    await settle();
    run.cancelStage('a');
    const outcome = await run.result;
    expect([statusOf(outcome, 'a'), statusOf(outcome, 'b')]).toEqual(['cancel', 'ok']);
    expect(rig.clock.pendingTimers).toBe(0);
  });
});

describe('the deadline of a run', () => {
  it('fails the run with RUN_TIMEOUT, and aborts what runs (046)', async () => {
    const rig = new Rig([
      { name: 'a', run: () => ({ a: 1 }) },
      waiting('slow'),
      { name: 'after', dependsOn: ['slow'] },
    ]);
    const promise = rejection(rig.engine.run(rig.bound, {}, { timeoutMs: 200 }));
    await rig.clock.advance(199);
    expect(rig.sink.ofType('pipeline.failed')).toEqual([]);
    await rig.clock.advance(1);
    const error = await promise;
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'RUN_TIMEOUT', details: { limitMs: 200 } });
    expect(error.results.outputs).toEqual({ a: { a: 1 } });
    expect(error.results.stage('slow').status).toBe('cancel');
    expect(rig.sink.ofType('pipeline.failed')).toMatchObject([{ stage: null, error: { code: 'RUN_TIMEOUT' } }]);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('leaves nothing behind when it was not needed, or the run never started', async () => {
    const rig = new Rig([{ name: 'a', run: () => settle() }]);
    expect((await rig.outcome({}, { timeoutMs: 60_000 })).status).toBe('completed');
    expect(rig.clock.pendingTimers).toBe(0);
    await rig.outcome({}, { timeoutMs: 60_000, signal: AbortSignal.abort() });
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('of 0 is none (043)', async () => {
    const rig = new Rig([{ name: 'a', run: (ctx) => ctx.sleep(1e9) }]);
    const run = rig.start({}, { timeoutMs: 0 });
    await rig.clock.advance(1e9);
    expect((await run.result).status).toBe('completed');
  });
});
