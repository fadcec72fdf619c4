import { describe, expect, it } from 'vitest';
import { BaseInterceptor, type HookAnswer } from '../../../src/interceptors/index.js';
import { messageOf, type StageContext, type StageFailure, StageOutput } from '../../../src/stage/index.js';
import { type RoundOptions, Rounds } from './rounds.js';

/** Notes which hooks ran, and answers what it is told to. */
class Noting extends BaseInterceptor {
  constructor(
    readonly name: string,
    readonly notes: string[],
    readonly answers: { readonly [H in 'before' | 'onError' | 'after']?: () => HookAnswer } = {},
  ) {
    super();
  }
  override before(_ctx: StageContext): HookAnswer {
    this.notes.push(`before ${this.name}`);
    return this.answers.before?.();
  }
  override onError(_ctx: StageContext, { code }: StageFailure): HookAnswer {
    this.notes.push(`error ${this.name} ${code}`);
    return this.answers.onError?.();
  }
  override after(_ctx: StageContext, { status }: StageOutput): HookAnswer {
    this.notes.push(`after ${this.name} ${status}`);
    return this.answers.after?.();
  }
}

async function told(layers: Record<string, Noting['answers']>, run: RoundOptions['run'] = () => ({})) {
  const notes: string[] = [];
  const interceptors = Object.entries(layers).map(([name, answers]) => new Noting(name, notes, answers));
  const result = await new Rounds({
    interceptors,
    run: (...given) => {
      notes.push('stage');
      return run(...given);
    },
  }).round();
  return { notes, result };
}

const failing = () => StageOutput.fail('no', { code: 'MINE' });

describe('hooks', () => {
  it('run from the outside in and back (075)', async () => {
    const { notes } = await told({ 1: {}, 2: {}, 3: {} });
    expect(notes).toEqual(['before 1', 'before 2', 'before 3', 'stage', 'after 3 ok', 'after 2 ok', 'after 1 ok']);
  });

  it('see every failure, each layer once, and after it the outcome', async () => {
    const { notes, result } = await told({ 1: {}, 2: {} }, failing);
    expect(notes.slice(3)).toEqual(['error 2 MINE', 'after 2 fail', 'error 1 MINE', 'after 1 fail']);
    expect(result.failure?.code).toBe('MINE');
  });

  it('stop at the one that answers before, whose after runs, too (078)', async () => {
    const { notes, result } = await told({ 1: {}, 2: { before: () => StageOutput.ok({ from: 2 }) }, 3: {} });
    expect(notes).toEqual(['before 1', 'before 2', 'after 2 ok', 'after 1 ok']);
    expect(result).toMatchObject({ status: 'ok', attempts: 0, data: { from: 2 } });
  });

  it('answer a failure with something else, which those further out see (079)', async () => {
    const { notes, result } = await told({ 1: {}, 2: { onError: () => StageOutput.ok({ instead: 1 }) } }, failing);
    expect(notes.slice(3)).toEqual(['error 2 MINE', 'after 2 ok', 'after 1 ok']);
    expect(result.data).toEqual({ instead: 1 });
  });

  it('replace the outcome after it', async () => {
    const { result } = await told({ 1: { after: () => StageOutput.skip('not now') } });
    expect(result).toMatchObject({ status: 'skip', reason: 'not now' });
  });

  it('that throw before keep the stage from running, with the interceptor named (076)', async () => {
    const before = () => {
      throw new Error('broken');
    };
    const { notes, result } = await told({ 1: {}, 2: { before }, 3: {} });
    expect(notes).toEqual(['before 1', 'before 2', 'error 1 INTERCEPTOR_FAILED', 'after 1 fail']);
    expect(messageOf(result.failure?.error)).toContain('Interceptor "2"');
  });

  it('may all be left out', async () => {
    class Nothing extends BaseInterceptor {}
    expect((await new Rounds({ interceptors: [new Nothing()] }).round()).data).toEqual({ done: true });
  });
});
