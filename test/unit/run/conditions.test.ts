import { describe, expect, it } from 'vitest';
import { type StageContext, StageOutput } from '../../../src/stage/index.js';
import { type HandStage, Rig, statusOf } from './hand-bound.js';

const boom = () => {
  throw new RangeError('boom');
};

describe('a stage that returns skip', () => {
  it('is neither ok nor failed, keeps its reason, and its dependents run and can see it (010)', async () => {
    let seen: unknown;
    const rig = new Rig([
      { name: 'a', run: () => StageOutput.skip('empty page') },
      {
        name: 'b',
        dependsOn: ['a'],
        run: (ctx) => {
          seen = ctx.inputs.status('a');
        },
      },
    ]);
    const outcome = await rig.outcome();
    expect(outcome.status).toBe('completed');
    expect(seen).toEqual({ status: 'skip', reason: 'empty page', skipCause: 'returned' });
    expect(outcome.results.stage('a')).toMatchObject({ status: 'skip', reason: 'empty page', data: undefined });
    expect(rig.sink.ofType('stage.skipped')).toMatchObject([{ stage: 'a', cause: 'returned', reason: 'empty page' }]);
    expect(statusOf(outcome, 'b')).toBe('ok');
  });
});

describe('routing', () => {
  const router = (choice: string): HandStage[] => [
    { name: 'router', run: () => ({ choice }) },
    ...['high', 'low'].map((name) => ({
      name,
      dependsOn: ['router'],
      when: (ctx: StageContext) => ctx.inputs.from('router', 'choice') === name,
      run: () => ({ name }),
    })),
    { name: 'afterLow', dependsOn: ['low'] },
    { name: 'join', dependsOn: ['high', 'low'], run: (ctx) => ({ got: ctx.inputs.get('name') }) },
  ];

  it('runs only the chosen branch, and the join once (012)', async () => {
    const rig = new Rig(router('high'));
    const { status, results } = await rig.outcome();
    expect(status).toBe('completed');
    expect(results.of('join')).toEqual({ got: 'high' });
    expect(results.stage('low')).toMatchObject({ status: 'skip', skipCause: 'not-selected', attempts: 0 });
    expect(rig.sink.ofType('stage.started').map(({ stage }) => stage)).toEqual(['router', 'high', 'join']);
  });

  it('passes "not selected" on to what has no selected dependency, with the reason (012)', async () => {
    const rig = new Rig(router('high'));
    const { results } = await rig.outcome();
    expect(results.stage('afterLow')).toMatchObject({ status: 'skip', skipCause: 'not-selected' });
    expect(results.stage('afterLow').reason).toContain('"low"');
    expect(rig.sink.ofType('stage.skipped').map(({ stage }) => stage)).toEqual(['low', 'afterLow']);
  });

  it('skips the join too when no branch was chosen', async () => {
    const { results } = await new Rig(router('none')).outcome();
    expect(results.stage('join')).toMatchObject({ status: 'skip', skipCause: 'not-selected' });
  });

  it('lets a stage run whose only unselected dependency is optional', async () => {
    const rig = new Rig([
      { name: 'a', when: () => false },
      { name: 'b', dependsOn: [{ stage: 'a', optional: true }], run: (ctx) => ({ a: ctx.inputs.from('a') ?? 'none' }) },
    ]);
    expect((await rig.outcome()).results.of('b')).toEqual({ a: 'none' });
  });
});

describe('a condition that gives no answer', () => {
  const withCondition = async (when: (ctx: StageContext) => unknown) => {
    let ran = false;
    const rig = new Rig([
      { name: 'first' },
      {
        name: 'a',
        dependsOn: ['first'],
        when,
        run: () => {
          ran = true;
        },
      },
    ]);
    const outcome = await rig.outcome();
    expect(ran).toBe(false);
    return { outcome, rig };
  };

  it('by throwing fails its stage, which never runs (013)', async () => {
    const { outcome, rig } = await withCondition(boom);
    expect(outcome.status).toBe('failed');
    const { failure } = outcome.results.stage('a');
    expect(failure).toMatchObject({ code: 'STAGE_CONDITION_FAILED', retryable: false });
    expect((failure?.error as Error | undefined)?.cause).toBeInstanceOf(RangeError);
    expect(rig.sink.ofType('stage.failed')).toMatchObject([{ stage: 'a', durationMs: 0 }]);
  });

  it('by reading what it may not read fails its stage (013)', async () => {
    const { outcome } = await withCondition((ctx) => ctx.inputs.from('absent'));
    const { failure } = outcome.results.stage('a');
    expect(failure).toMatchObject({ code: 'STAGE_CONDITION_FAILED' });
    expect((failure?.error as Error | undefined)?.cause).toMatchObject({ code: 'INPUT_UNDECLARED' });
  });

  it.each([
    ['a promise', () => Promise.resolve(true)],
    ['undefined', () => undefined],
    ['null', () => null],
    ['number', () => 1],
    ['string', () => 'yes'],
    ['object', () => ({})],
  ])('but %s instead of true or false fails its stage (013)', async (type, when) => {
    const { outcome } = await withCondition(when);
    const { failure } = outcome.results.stage('a');
    expect(failure).toMatchObject({ code: 'STAGE_CONDITION_FAILED' });
    expect((failure?.error as Error | undefined)?.message).toContain(type);
  });

  it('by promising to throw leaves no unhandled rejection behind', async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    await withCondition(() => Promise.reject(new Error('late')));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  it('does not start its stage after it made the caller cancel', async () => {
    const controller = new AbortController();
    let ran = false;
    const rig = new Rig([
      {
        name: 'a',
        when: () => {
          controller.abort('enough');
          return true;
        },
        run: () => {
          ran = true;
        },
      },
    ]);
    const outcome = await rig.outcome({}, { signal: controller.signal });
    expect(outcome.status).toBe('cancelled');
    expect(ran).toBe(false);
  });
});
