import { describe, expect, it } from 'vitest';
import { CleanupStack } from '../../../src/run/cleanup-stack.js';
import { StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { ManualClock, settle } from '../../../src/testing/manual-clock.js';
import { Rig, rejection } from './hand-bound.js';

describe('cleanups of a run', () => {
  it.each([
    ['completes', () => undefined],
    ['fails', () => Promise.reject(new Error('no'))],
    ['is cancelled by its stage', () => StageOutput.cancel('done')],
  ])('run once each, last registered first, when it %s (021)', async (_, ending) => {
    const order: string[] = [];
    const rig = new Rig([
      {
        name: 'a',
        run: (ctx) => {
          ctx.onCleanup(() => void order.push('a1'));
          ctx.onCleanup(async () => void order.push('a2'));
          return { a: 1 };
        },
      },
      {
        name: 'b',
        dependsOn: ['a'],
        run: (ctx) => {
          ctx.onCleanup(() => void order.push('b'));
          return ending();
        },
      },
    ]);
    const { results } = await rig.outcome();
    expect(order).toEqual(['b', 'a2', 'a1']);
    expect(results.cleanupFailures).toEqual([]);
  });

  it('run when a stage timed out (021)', async () => {
    const order: string[] = [];
    const rig = new Rig([
      {
        name: 'a',
        timeoutMs: 50,
        run: (ctx) => {
          ctx.onCleanup(() => void order.push('cleanup'));
          return ctx.sleep(500);
        },
      },
    ]);
    const run = rig.start();
    await rig.clock.advance(50);
    expect((await run.result).status).toBe('failed');
    expect(order).toEqual(['cleanup']);
  });

  it('wait until every stage has stopped, even when the caller has given up (020)', async () => {
    const order: string[] = [];
    const gate = new Gate();
    const rig = new Rig([
      { name: 'resource', run: (ctx) => ctx.onCleanup(() => void order.push('cleanup')) },
      {
        name: 'user',
        dependsOn: ['resource'],
        run: async () => {
          await gate.pass();
          order.push('still using it');
        },
      },
    ]);
    const run = rig.start();
    await settle();
    run.cancel('gone');
    await settle();
    expect(order).toEqual([]);
    gate.open();
    await run.result;
    expect(order).toEqual(['still using it', 'cleanup']);
  });

  it('that throw or hang are named; the others still run, within the budget (021)', async () => {
    const order: string[] = [];
    const cause = new Error('socket');
    const rig = new Rig(
      [
        { name: 'first', run: (ctx) => ctx.onCleanup(() => void order.push('first')) },
        {
          name: 'throws',
          dependsOn: ['first'],
          run: (ctx) =>
            ctx.onCleanup(() => {
              throw cause;
            }),
        },
        { name: 'hangs', dependsOn: ['throws'], run: (ctx) => ctx.onCleanup(() => new Promise(() => {})) },
      ],
      { cleanupMs: 200 },
    );
    const run = rig.start();
    await rig.clock.advance(200);
    const outcome = await run.result;
    expect(outcome.status).toBe('completed');
    expect(order).toEqual(['first']);
    expect(outcome.results.cleanupFailures.map(({ stage, error }) => [stage, error.code])).toEqual([
      ['hangs', 'CLEANUP_FAILED'],
      ['throws', 'CLEANUP_FAILED'],
    ]);
    expect(outcome.results.cleanupFailures[1]?.error.cause).toBe(cause);
    expect(rig.sink.ofType('cleanup.failed').map(({ stage }) => stage)).toEqual(['hangs', 'throws']);
    expect(rig.story.at(-1)).toBe('pipeline.completed');
    expect(outcome.results.durationMs).toBe(200);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('that throw do not replace the error of the run (022)', async () => {
    const original = new Error('original');
    const rig = new Rig([
      {
        name: 'a',
        run: (ctx) => {
          ctx.onCleanup(() => Promise.reject(new Error('cleanup')));
          throw original;
        },
      },
    ]);
    const error = await rejection(rig.engine.run(rig.bound));
    expect(error.cause).toBe(original);
    expect(error.results.cleanupFailures).toHaveLength(1);
  });

  it('may use the limits of their stage, and leave no timer behind', async () => {
    const log: string[] = [];
    const rig = new Rig([
      {
        name: 'a',
        run: (ctx) => {
          ctx.onCleanup(() => ctx.withTimeout(60_000, () => void log.push('within the limit')));
          ctx.onCleanup(() => ctx.withTimeout(60_000, async () => void log.push('later')));
          ctx.onCleanup(() => ctx.sleep(5));
        },
      },
    ]);
    const run = rig.start();
    await rig.clock.advance(5);
    const { results } = await run.result;
    expect(results.cleanupFailures).toEqual([]);
    expect(log).toEqual(['later', 'within the limit']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('belong to their own run, and run at its own end (023)', async () => {
    const order: string[] = [];
    const gates = new Map(['A', 'B'].map((name) => [name, new Gate()]));
    const rig = new Rig([
      { name: 'a', run: (ctx) => ctx.onCleanup(() => void order.push(`${ctx.snapshot.inputText}1`)) },
      {
        name: 'b',
        dependsOn: ['a'],
        run: async (ctx) => {
          ctx.onCleanup(() => void order.push(`${ctx.snapshot.inputText}2`));
          await gates.get(String(ctx.snapshot.inputText))?.pass();
        },
      },
    ]);
    const runs = ['A', 'B'].map((inputText) => rig.start({ inputText }));
    await settle();
    gates.get('B')?.open();
    await runs[1]?.result;
    expect(order).toEqual(['B2', 'B1']);
    gates.get('A')?.open();
    await runs[0]?.result;
    expect(order).toEqual(['B2', 'B1', 'A2', 'A1']);
  });
});

describe('a cleanup stack', () => {
  const stackOf = (...cleanups: (() => void | Promise<void>)[]): CleanupStack => {
    const stack = new CleanupStack();
    cleanups.forEach((cleanup, index) => {
      stack.push(`s${index}`, cleanup);
    });
    return stack;
  };

  it('shares one budget: ten of which one needs 150 of 1,000 ms all succeed (022)', async () => {
    const clock = new ManualClock();
    const wait = (ms: number) => () => new Promise<void>((resolve) => void clock.setTimer(ms, resolve));
    const stack = stackOf(...Array.from({ length: 10 }, (_, i) => wait(i === 4 ? 150 : 10)));
    const failures = stack.run(clock, 1_000);
    await clock.advance(1_000);
    expect(await failures).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('starts the rest without waiting when the budget is used up, and lets the quick ones succeed', async () => {
    const clock = new ManualClock();
    const done: string[] = [];
    const stack = stackOf(
      async () => void done.push('async'),
      () => void done.push('sync'),
      () => new Promise<void>((resolve) => void clock.setTimer(500, resolve)),
      () => new Promise(() => {}),
    );
    const failures = stack.run(clock, 100);
    await clock.advance(100);
    await settle();
    expect((await failures).map(({ stage }) => stage)).toEqual(['s3', 's2']);
    expect(done).toEqual(['sync', 'async']);
  });

  it('runs what a cleanup registers, next', async () => {
    const order: string[] = [];
    const stack = new CleanupStack();
    stack.push('a', () => void order.push('a'));
    stack.push('b', () => {
      order.push('b');
      stack.push('b', () => void order.push('b again'));
    });
    expect(await stack.run(new ManualClock(), 100)).toEqual([]);
    expect(order).toEqual(['b', 'b again', 'a']);
  });

  it('runs each once, even if it is run twice', async () => {
    let count = 0;
    const stack = stackOf(() => void count++);
    await Promise.all([stack.run(new ManualClock(), 100), stack.run(new ManualClock(), 100)]);
    expect(count).toBe(1);
  });

  it.each([[null], [undefined], ['text'], [Object.create(null)]])(
    'survives a cleanup that throws %s',
    async (thrown) => {
      const stack = stackOf(() => {
        throw thrown;
      });
      const [failure] = await stack.run(new ManualClock(), 100);
      expect(failure?.error.code).toBe('CLEANUP_FAILED');
      expect(failure?.error.cause).toBe(thrown);
    },
  );

  it('leaves no unhandled rejection when an abandoned cleanup rejects later', async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    const clock = new ManualClock();
    const gate = new Gate();
    const failures = stackOf(() => gate.pass()).run(clock, 10);
    await clock.advance(10);
    expect(await failures).toHaveLength(1);
    gate.fail(new Error('late'));
    await settle();
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });
});
