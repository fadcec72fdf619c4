import { describe, expect, it } from 'vitest';
import {
  ImmutabilityCheck,
  LoggingInterceptor,
  MetricsInterceptor,
  TimeoutInterceptor,
  TracingInterceptor,
} from '../../../src/interceptors/index.js';
import {
  type AnyInterceptor,
  InterceptorPriority,
  InterceptorRole,
  type StageContext,
  StageOutput,
} from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { Rig } from '../run/hand-bound.js';
import { codeOf, Rounds } from './rounds.js';

/** Writes down when it is called. */
function noting(name: string, notes: string[], more: Partial<AnyInterceptor> = {}): AnyInterceptor {
  return {
    name,
    before() {
      notes.push(`>${name}`);
      return name;
    },
    after(_ctx: StageContext, { status }: StageOutput, state: unknown) {
      notes.push(`<${state} ${status}`);
    },
    ...more,
  };
}

/** The same as a layer that waits. */
function waiting(name: string, notes: string[]): AnyInterceptor {
  return {
    name,
    async intercept(_, next) {
      notes.push(`>${name}`);
      const output = await next();
      notes.push(`<${name} ${output.status}`);
      return output;
    },
  };
}

describe('inline interceptors', () => {
  it('run outside in before the stage and inside out after it, each with what it kept (075)', async () => {
    const notes: string[] = [];
    const rounds = new Rounds({ interceptors: ['a', 'b', 'c'].map((name) => noting(name, notes)) });
    expect(codeOf(await rounds.round())).toBe('ok');
    expect(notes).toEqual(['>a', '>b', '>c', '<c ok', '<b ok', '<a ok']);
  });

  it('stand in one order with those that wait', async () => {
    const notes: string[] = [];
    const interceptors = [noting('a', notes), waiting('b', notes), noting('c', notes), noting('d', notes)];
    expect(codeOf(await new Rounds({ interceptors }).round())).toBe('ok');
    expect(notes).toEqual(['>a', '>b', '>c', '>d', '<d ok', '<c ok', '<b ok', '<a ok']);
  });

  it.each([[[] as string[]], [['with a layer that waits']]])(
    'may answer for the stage: what is further in does not run, and hears nothing (078) %s',
    async (waits) => {
      const notes: string[] = [];
      const answer = noting('b', notes, { before: () => StageOutput.ok({ from: 'cache' }) });
      const outer = waits.map((name) => waiting(name, []));
      const rounds = new Rounds({ interceptors: [...outer, noting('a', notes), answer, noting('c', notes)] });
      expect(await rounds.round()).toMatchObject({ status: 'ok', data: { from: 'cache' }, attempts: 0 });
      expect([rounds.calls, notes]).toEqual([0, ['>a', '<undefined ok', '<a ok']]);
    },
  );

  it('may put another output in the place of the one of the stage', async () => {
    const replaces: AnyInterceptor = {
      after: (_, output) => (output.status === 'fail' ? StageOutput.ok({ n: 2 }) : undefined),
    };
    const fails = () => {
      throw new Error('no');
    };
    expect(await new Rounds({ interceptors: [replaces], run: fails }).round()).toMatchObject({
      status: 'ok',
      data: { n: 2 },
    });
    expect(await new Rounds({ interceptors: [replaces] }).round()).toMatchObject({
      status: 'ok',
      data: { done: true },
    });
  });

  it('that throw fail the stage by name, wherever they do (076)', async () => {
    const throwing = () => {
      throw new TypeError('oops');
    };
    const notes: string[] = [];
    const before = new Rounds({
      interceptors: [noting('out', notes), { name: 'Bad', before: throwing, after: () => notes.push('no') as never }],
    });
    const early = await before.round();
    expect(early.failure).toMatchObject({ code: 'INTERCEPTOR_FAILED', error: { details: { interceptor: 'Bad' } } });
    expect([before.calls, notes]).toEqual([0, ['>out', '<out fail']]);
    const after = new Rounds({ interceptors: [{ name: 'Bad', after: throwing }] });
    expect([codeOf(await after.round()), after.calls]).toEqual(['INTERCEPTOR_FAILED', 1]);
  });

  it('that return something else than an output fail the stage by name', async () => {
    const rounds = new Rounds({ interceptors: [{ name: 'Bad', after: () => 3 as never }] });
    expect(codeOf(await rounds.round())).toBe('INTERCEPTOR_RESULT_INVALID');
  });

  it('hear of limits, of what an uncooperative stage is given up for, and of cancels', async () => {
    const notes: string[] = [];
    const rig = new Rig(
      [
        {
          name: 'slow',
          interceptors: [noting('slow', notes), TimeoutInterceptor.with({ limitMs: 10 })],
          run: (ctx) => ctx.sleep(50),
        },
        { name: 'stuck', interceptors: [noting('stuck', notes)], run: () => new Gate<object>().pass() },
      ],
      { failurePolicy: 'continue', graceMs: 5 },
    );
    const run = rig.start();
    await rig.clock.advance(10);
    expect(notes).toEqual(['>slow', '>stuck', '<slow fail']);
    run.cancel('enough');
    await rig.clock.advance(5);
    expect((await run.result).status).toBe('cancelled');
    expect(notes.at(-1)).toBe('<stuck fail');
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('see an output that they cannot change (081)', async () => {
    const changes: AnyInterceptor = {
      after: (_, { data }) => {
        (data as { done: boolean }).done = false;
      },
    };
    const rounds = new Rounds({ interceptors: [changes] });
    expect(codeOf(await rounds.round())).toBe('INTERCEPTOR_FAILED');
  });
});

describe('observers', () => {
  const bad = (name: 'before' | 'after' | 'intercept'): AnyInterceptor =>
    ({
      name: 'Telemetry',
      role: InterceptorRole.Observer,
      [name]: () => {
        throw new Error('exporter down');
      },
    }) as AnyInterceptor;

  it.each(['before', 'after', 'intercept'] as const)(
    'that throw in %s change nothing, and are reported (076)',
    async (where) => {
      const rounds = new Rounds({ interceptors: [bad(where)] });
      expect(await rounds.round()).toMatchObject({ status: 'ok', data: { done: true }, attempts: 1 });
      expect(rounds.calls).toBe(1);
      expect(rounds.rig.sink.ofType('interceptor.failed')).toMatchObject([
        { stage: 'a', interceptor: 'Telemetry', error: { message: 'exporter down' } },
      ]);
    },
  );

  it('that throw on the way in do not hear of the way out', async () => {
    const notes: string[] = [];
    const failing = noting('Telemetry', notes, { ...bad('before') });
    const rounds = new Rounds({ interceptors: [noting('a', notes), failing, noting('c', notes)] });
    expect(codeOf(await rounds.round())).toBe('ok');
    expect(notes).toEqual(['>a', '>c', '<c ok', '<a ok']);
    expect(rounds.rig.sink.ofType('interceptor.failed')).toHaveLength(1);
  });

  it('cannot answer for the stage, replace its output, keep it from running or run it twice', async () => {
    const role = InterceptorRole.Observer;
    const meddling: AnyInterceptor[] = [
      { role, before: () => StageOutput.ok({ made: 'up' }) },
      { role, after: () => StageOutput.fail('no') },
      { role, intercept: () => StageOutput.ok({ made: 'up' }) },
      {
        role,
        async intercept(_, next) {
          await next();
          await next();
          return StageOutput.fail('no');
        },
      },
    ];
    for (const interceptor of meddling) {
      const rounds = new Rounds({ interceptors: [interceptor] });
      expect(await rounds.round()).toMatchObject({ status: 'ok', data: { done: true } });
      expect(rounds.calls).toBe(1);
    }
  });
});

describe('security', () => {
  const secure = { name: 'Gatekeeper', priority: InterceptorPriority.Security };
  const recovering: AnyInterceptor = {
    name: 'Recover',
    priority: 1,
    role: InterceptorRole.Ordinary,
    intercept: async (_, next) => {
      await next();
      return StageOutput.ok({ recovered: true });
    },
  };
  const inlineRecovering: AnyInterceptor = {
    priority: 1,
    role: 'ordinary',
    after: () => StageOutput.ok({ recovered: true }),
  };
  const refusals: readonly (readonly [string, AnyInterceptor])[] = [
    ['throws', { ...secure, intercept: () => Promise.reject(new Error('no')) }],
    ['returns a failure', { ...secure, intercept: () => StageOutput.fail('no', { code: 'DENIED' }) }],
    ['throws in line', { ...secure, before: refuse }],
    ['refuses in line', { ...secure, before: () => StageOutput.fail('no', { code: 'DENIED' }) }],
    ['refuses afterwards', { ...secure, after: () => StageOutput.fail('no', { code: 'DENIED' }) }],
  ];
  function refuse(): never {
    throw new Error('no');
  }

  it.each(refusals)('that %s is not made a success by anything further out', async (_, refusing) => {
    for (const outer of [recovering, inlineRecovering]) {
      const rounds = new Rounds({ interceptors: [outer, refusing] });
      const { status } = await rounds.round();
      expect(status).toBe('fail');
    }
  });

  it('that lets through leaves failures of the stage to those further out', async () => {
    const open: AnyInterceptor = { ...secure, intercept: (_, next) => next() };
    const rounds = new Rounds({ interceptors: [recovering, open], run: refuse });
    expect(await rounds.round()).toMatchObject({ status: 'ok', data: { recovered: true } });
  });
});

describe('built in', () => {
  it('tracing ends every span it starts, metrics measure, logging writes what the level asks for', async () => {
    const spans: string[] = [];
    const measured: unknown[] = [];
    const lines: unknown[] = [];
    const logger = {
      isEnabled: (level: string) => level !== 'debug',
      debug: (...line: unknown[]) => lines.push(line),
      info: () => {},
      warn: (...line: unknown[]) => lines.push(line),
      error: () => {},
      child: () => logger,
    };
    const interceptors = [
      new TracingInterceptor({
        startStage: (ctx) => ctx.stage.name,
        endStage: (span, { status }) => spans.push(`${span} ${status}`),
      }),
      new MetricsInterceptor({
        stageEnded: (ctx, status, durationMs) => measured.push([ctx.stage.name, status, durationMs]),
      }),
      new LoggingInterceptor({ logger }),
    ];
    const rig = new Rig(
      [
        { name: 'a', interceptors, run: (ctx) => ctx.sleep(20) },
        { name: 'b', interceptors, dependsOn: ['a'], run: () => StageOutput.fail(new Error('broken')) },
      ],
      { logger },
    );
    const run = rig.start();
    await rig.clock.advance(20);
    await run.result;
    expect(spans).toEqual(['a ok', 'b fail']);
    expect(measured).toEqual([
      ['a', 'ok', 20],
      ['b', 'fail', 0],
    ]);
    expect(lines).toEqual([['Stage failed.', { durationMs: 0, attempt: 1, code: 'STAGE_FAILED', error: 'broken' }]]);
  });

  it('the immutability check compares what was given with what is left of it', async () => {
    const rig = new Rig([
      { name: 'a', run: () => ({ bytes: new Uint8Array([1, 2]) }) },
      {
        name: 'b',
        dependsOn: ['a'],
        interceptors: [new ImmutabilityCheck()],
        run: (ctx) => {
          ctx.inputs.from('a').bytes[0] = 9;
        },
      },
    ]);
    const { results } = await rig.outcome();
    expect(results.stage('b').failure).toMatchObject({ code: 'IMMUTABILITY_VIOLATED' });
  });
});
