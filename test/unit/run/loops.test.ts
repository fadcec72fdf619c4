import { describe, expect, it } from 'vitest';
import { MemorySink } from '../../../src/events/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { type LoopContext, StageOutput } from '../../../src/stage/index.js';
import { ManualClock, settle } from '../../../src/testing/manual-clock.js';
import { rejection, thrown } from './hand-bound.js';

interface Draft {
  readonly score: number;
}
const words = new Pipeline('words');
const better = ({ iteration, previous }: LoopContext<Draft>): Draft => ({ score: (previous?.score ?? 0) + iteration });

describe('a loop', () => {
  it('goes on until it is good enough, and each iteration sees what the one before gave', async () => {
    const sink = new MemorySink();
    const loop = words.repeat('improve', { iterate: better, until: ({ score }) => score >= 6, maxIterations: 9 });
    const results = await loop.build({ sinks: [sink] }).run();
    expect(results.of('improve')).toEqual({ reason: 'until', iterations: 3, output: { score: 6 } });
    expect(sink.ofType('stage.iteration.completed')).toMatchObject([
      { stage: 'improve', iteration: 1, reason: null },
      { stage: 'improve', iteration: 2, reason: null },
      { stage: 'improve', iteration: 3, reason: 'until' },
    ]);
    expect(results.stage('improve').attempts).toBe(1);
  });

  it('ends after as many iterations as it may have, and says so', async () => {
    const loop = words.repeat('improve', { iterate: better, until: () => false, maxIterations: 4 });
    expect((await loop.run()).of('improve')).toEqual({
      reason: 'max-iterations',
      iterations: 4,
      output: { score: 10 },
    });
  });

  it('ends when it gets no further', async () => {
    const loop = words.repeat('improve', {
      iterate: ({ iteration }) => ({ at: Math.min(iteration, 3) }),
      until: () => false,
      maxIterations: 100,
      stagnation: 3,
    });
    expect((await loop.run()).of('improve')).toEqual({ reason: 'stagnation', iterations: 5, output: { at: 3 } });
  });

  it('makes its output of how it ended', async () => {
    const loop = words.repeat('improve', {
      iterate: better,
      until: () => false,
      maxIterations: 2,
      output: ({ reason, output }) =>
        reason === 'until' ? { score: output.score } : StageOutput.fail(new Error(`no good draft: ${reason}`)),
    });
    expect((await rejection(loop.run())).cause.message).toBe('no good draft: max-iterations');
  });

  it('hands on frozen what an iteration gave', async () => {
    const loop = words.repeat('improve', {
      iterate: (ctx: LoopContext<{ list: number[] }>) => {
        if (ctx.previous !== undefined) expect(() => ctx.previous?.list.push(1)).toThrow(TypeError);
        return { list: [ctx.iteration] };
      },
      until: () => false,
      maxIterations: 2,
    });
    expect((await loop.run()).of('improve').output).toEqual({ list: [2] });
  });
});

describe('the deadline of a loop', () => {
  const rig = (iterate: (ctx: LoopContext) => Promise<object>, more: object = {}) => {
    const clock = new ManualClock();
    const sink = new MemorySink();
    const loop = words.repeat('improve', { iterate, until: () => false, timeoutMs: 100, ...more });
    return { clock, sink, run: loop.build({ clock, sinks: [sink], graceMs: 50 }).start() };
  };

  it('stops the iteration that goes on; what those before gave stands', async () => {
    const { clock, run } = rig(async (ctx) => {
      await ctx.sleep(40);
      return { at: ctx.iteration };
    });
    await clock.advance(100);
    const { results } = await run.result;
    expect(results.of('improve')).toEqual({ reason: 'deadline', iterations: 2, output: { at: 2 } });
    expect(clock.pendingTimers).toBe(0);
  });

  it('leaves nothing to hand on if the first iteration takes too long', async () => {
    const { clock, run } = rig((ctx) => ctx.sleep(1_000).then(() => ({})));
    await clock.advance(100);
    expect((await run.result).results.of('improve')).toEqual({ reason: 'deadline', iterations: 0, output: undefined });
  });

  it('does not wait for an iteration that does not stop, nor take what it gives then', async () => {
    const { clock, run } = rig(() => new Promise(() => {}));
    await clock.advance(150);
    const { results } = await run.result;
    expect(results.of('improve')).toMatchObject({ reason: 'deadline', iterations: 0 });
    expect(results.abandoned).toEqual(['improve']);
  });

  it('is not the end if the run was cancelled', async () => {
    const { clock, run } = rig((ctx) => ctx.sleep(1_000).then(() => ({})));
    await clock.advance(10);
    run.cancel('enough');
    expect((await run.result).status).toBe('cancelled');
    expect(clock.pendingTimers).toBe(0);
  });

  it('is heard by iterations that never wait', async () => {
    const loop = words.repeat('spin', { iterate: () => ({}), until: () => false, timeoutMs: 30 });
    expect((await loop.run()).of('spin').reason).toBe('deadline');
  });
});

describe('an iteration', () => {
  it.each([
    ['fails', () => StageOutput.fail(new Error('broken')), 'fail'],
    ['is skipped', () => StageOutput.skip('nothing to improve'), 'skip'],
    ['throws', () => Promise.reject(new Error('broken')), 'fail'],
    ['gives no object', () => 7, 'fail'],
  ])('that %s ends the stage in the same way', async (_, iterate, status) => {
    const loop = words.repeat('improve', { iterate: iterate as () => object, until: () => false, maxIterations: 3 });
    const { results } = await loop.start().result;
    expect(results.stage('improve').status).toBe(status);
  });

  it('that cancels cancels the run', async () => {
    const iterate = (): StageOutput<Draft> => StageOutput.cancel('no topic');
    const loop = words.repeat('improve', { iterate, until: () => false, maxIterations: 3 });
    expect(await loop.start().result).toMatchObject({ status: 'cancelled', error: { reason: 'no topic' } });
  });

  it('may be a run of a pipeline', async () => {
    const draft = new Pipeline('draft').withStage('write', ({ snapshot }) => ({ length: snapshot.input as number }));
    const loop = words.repeat('improve', {
      run: draft,
      input: (ctx) => ({ input: ctx.iteration }),
      iterate: (_, results) => ({ length: results.of('write').length as number }),
      until: ({ length }) => length === 2,
      maxIterations: 3,
    });
    expect((await loop.run()).of('improve')).toEqual({ reason: 'until', iterations: 2, output: { length: 2 } });
  });

  it('ends the run that it has started when it is cancelled', async () => {
    const endless = new Pipeline('endless').withStage('wait', (ctx) => ctx.sleep(1_000));
    const clock = new ManualClock();
    const loop = words.repeat('improve', { run: endless, iterate: () => ({}), until: () => false, maxIterations: 3 });
    const run = loop.build({ clock }).start();
    await settle();
    run.cancel('enough');
    expect((await run.result).status).toBe('cancelled');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the end of a loop', () => {
  it.each([
    ['gives no answer', () => 1],
    ['gives a promise', () => Promise.reject(new Error('later'))],
    [
      'throws',
      () => {
        throw new Error('no score');
      },
    ],
  ])('fails the stage if until %s', async (_, until) => {
    const loop = words.repeat('improve', { iterate: better, until: until as () => never, maxIterations: 3 });
    expect((await rejection(loop.run())).cause).toMatchObject({ code: 'STAGE_CONDITION_FAILED' });
  });
});

it('a loop that nothing bounds is refused when the pipeline is built', () => {
  const endless = words.repeat('improve', { iterate: better, until: () => false } as never);
  const error = thrown(() => endless.build());
  expect(error.problems).toMatchObject([
    { code: 'GRAPH_OPTION_INVALID', details: { stage: 'improve', option: 'maxIterations' } },
  ]);
  expect(error.problems[0].fix).toBe('A loop needs a bound: give maxIterations, or timeoutMs, or both.');
});

it.each([
  ['maxIterations', { maxIterations: 0 }],
  ['timeoutMs', { maxIterations: 1, timeoutMs: 0 }],
  ['stagnation', { maxIterations: 1, stagnation: 1 }],
  ['until', { maxIterations: 1, until: true }],
])('a loop is refused with a %s that it cannot have', (option, options) => {
  const loop = words.repeat('improve', { iterate: better, until: () => false, ...options } as never);
  expect(thrown(() => loop.build()).problems).toMatchObject([{ details: { option } }]);
});
