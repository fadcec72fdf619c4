import { describe, expect, it } from 'vitest';
import { DependsOn, Intercept, Stage, When } from '../../../decorators/index.js';
import { DefinitionError } from '../../../src/errors/index.js';
import { MemorySink } from '../../../src/events/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { type Interceptor, type StageContext, StageKind } from '../../../src/stage/index.js';
import { ManualClock } from '../../../src/testing/manual-clock.js';
import { rejection } from '../run/hand-bound.js';

class Greet {
  execute(ctx: StageContext) {
    return { message: `Hello, ${ctx.snapshot.inputText ?? 'you'}` };
  }
}

/** The codes of everything that is wrong with a pipeline. */
function problemsOf(pipeline: Pipeline<any>): readonly { code: string; message: string }[] {
  try {
    pipeline.build();
  } catch (error) {
    if (error instanceof DefinitionError) return error.problems;
    throw error;
  }
  return [];
}

describe('withStage', () => {
  it('takes a class, an instance or a function, with a kind or options', async () => {
    const pipeline = new Pipeline('greet')
      .withStage('greet', Greet, StageKind.Enrich)
      .withStage('again', new Greet())
      .withStage('shout', (ctx) => ({ text: ctx.inputs.from('greet').message.toUpperCase() }), {
        dependsOn: ['greet'],
        kind: StageKind.Work,
      });
    const graph = pipeline.build();
    expect(graph.graph.stages.map(({ kind }) => kind)).toEqual(['enrich', 'transform', 'work']);
    const results = await graph.run({ inputText: 'Ada' });
    expect(results.of('shout').text).toBe('HELLO, ADA');
    expect(results.of('again').message).toBe('Hello, Ada');
  });

  it('takes a class whose execute is a field', async () => {
    class Field {
      execute = async (_ctx: StageContext) => ({ field: true });
    }
    const results = await new Pipeline('p').withStage('f', Field).run();
    expect(results.of('f')).toEqual({ field: true });
  });

  it('gives a class one instance, shared by all runs', async () => {
    let made = 0;
    class Counted {
      constructor() {
        made++;
      }
      execute() {}
    }
    const pipeline = new Pipeline('p').withStage('a', Counted).build();
    await pipeline.run();
    await pipeline.run();
    expect(made).toBe(1);
  });

  it('gives a new pipeline, so that a beginning can be shared', () => {
    const base = new Pipeline('p').withStage('a', () => ({}));
    const [left, right] = [base.withStage('l', () => ({})), base.withStage('r', () => ({}))];
    expect([base, left, right].map(({ stageNames }) => stageNames)).toEqual([['a'], ['a', 'l'], ['a', 'r']]);
  });

  it('hears what the decorators of a class say; options come before them', async () => {
    const log: string[] = [];
    const mark = (name: string): Interceptor => ({
      name,
      intercept: (_, next) => {
        log.push(name);
        return next();
      },
    });
    @Stage({ kind: StageKind.Route, timeoutMs: 7 })
    class Router {
      execute() {
        return { go: true };
      }
    }
    @Stage({ kind: StageKind.Guard, timeoutMs: 50, priority: 2 })
    @DependsOn(Router)
    @When(Router, ({ go }) => go)
    @Intercept(mark('class'))
    class Guarded {
      execute(ctx: StageContext<typeof Router>) {
        return { went: ctx.inputs.of(Router).go };
      }
    }
    const built = new Pipeline('p')
      .withStage('router', Router)
      .withStage('plain', Guarded)
      .withStage('own', Guarded, { kind: StageKind.Work, timeoutMs: 9, priority: 0, interceptors: [mark('option')] })
      .build();
    expect(built.graph.stages.slice(1)).toMatchObject([
      { kind: 'guard', timeoutMs: 50, priority: 2, condition: 'router', dependsOn: [{ stage: 'router' }] },
      { kind: 'work', timeoutMs: 9, priority: 0 },
    ]);
    const results = await built.run();
    expect(results.of('own')).toEqual({ went: true });
    expect(log).toEqual(['class', 'class', 'option']);
  });
});

describe('when', () => {
  it('{ stage, is } runs the stage by the output of one other, which becomes a dependency (012)', async () => {
    const pipeline = new Pipeline('p')
      .withStage('router', () => ({ route: 'sales' as string }))
      .withStage('sales', () => ({ sales: 1 }), { when: { stage: 'router', is: ({ route }) => route === 'sales' } })
      .withStage('support', () => ({ support: 1 }), {
        when: { stage: 'router', is: ({ route }) => route === 'support' },
      });
    const results = await pipeline.run();
    expect(results.of('sales')).toEqual({ sales: 1 });
    expect(results.stage('support')).toMatchObject({ status: 'skip', skipCause: 'not-selected' });
    expect(pipeline.build().graph.stages[1]).toMatchObject({ condition: 'router', dependsOn: [{ stage: 'router' }] });
  });

  it('on a stage that was skipped selects nothing, without asking', async () => {
    let asked = false;
    const results = await new Pipeline('p')
      .withStage('router', () => ({ go: true }), { when: () => false })
      .withStage('a', () => ({}), {
        when: {
          stage: 'router',
          is: () => {
            asked = true;
            return true;
          },
        },
      })
      .run();
    expect(asked).toBe(false);
    expect(results.stage('a').skipCause).toBe('not-selected');
  });

  it('a function decides by whatever its stage may read', async () => {
    const results = await new Pipeline('p')
      .withStage('n', () => ({ n: 3 }))
      .withStage('odd', () => ({}), { dependsOn: ['n'], when: (ctx) => ctx.inputs.from('n').n % 2 === 1 })
      .withStage('even', () => ({}), { dependsOn: ['n'], when: (ctx) => ctx.inputs.from('n').n % 2 === 0 })
      .run();
    expect([results.stage('odd').status, results.stage('even').status]).toEqual(['ok', 'skip']);
  });
});

describe('build', () => {
  it('reports everything that is wrong at once, and constructs nothing before', () => {
    class Service {
      constructor(readonly dependency: string) {}
      execute() {}
    }
    const untyped = new Pipeline('broken') as Pipeline<any>;
    const problems = problemsOf(
      untyped
        .withStage('a', () => ({}), { dependsOn: ['absent'] } as never)
        .withStage('service', Service as never)
        .withStage('nothing', {} as never)
        .withStage('self', () => ({}), { dependsOn: ['self'] } as never),
    );
    expect(problems.map(({ code }) => code).sort()).toEqual([
      'GRAPH_MISSING_DEPENDENCY',
      'GRAPH_SELF_DEPENDENCY',
      'GRAPH_STAGE_INVALID',
      'GRAPH_STAGE_INVALID',
    ]);
    expect(problems.find(({ message }) => message.includes('Service'))?.message).toContain('1 argument');
  });

  it('refuses one name twice: GRAPH_DUPLICATE_STAGE (066)', () => {
    const twice = (new Pipeline('p') as Pipeline<any>).withStage('a', () => ({})).withStage('a', () => ({ b: 1 }));
    expect(problemsOf(twice).map(({ code }) => code)).toEqual(['GRAPH_DUPLICATE_STAGE']);
  });

  it('refuses a pipeline without stages: GRAPH_EMPTY (068)', () => {
    expect(problemsOf(new Pipeline('p')).map(({ code }) => code)).toEqual(['GRAPH_EMPTY']);
  });

  it.each([
    ['a string', 'abc'],
    ['null', null],
    ['a list of numbers', [1]],
    ['a list with null', [null]],
  ])('refuses dependencies that are %s, as a problem among others (070)', (_, dependsOn) => {
    const pipeline = (new Pipeline('p') as Pipeline<any>).withStage('a', () => ({}), { dependsOn } as never);
    const problems = problemsOf(pipeline.withStage('', () => ({})));
    expect(problems.map(({ code }) => code)).toContain('GRAPH_STAGE_INVALID');
    expect(problems.map(({ code }) => code)).toContain('GRAPH_STAGE_NAME_INVALID');
  });

  it.each([[null], [undefined], [7], ['text'], [{}], [{ execute: 1 }], [class NoExecute {}]])(
    'refuses %s as a stage: GRAPH_STAGE_INVALID (070)',
    (target) => {
      const pipeline = (new Pipeline('p') as Pipeline<any>).withStage('a', target as never);
      expect(problemsOf(pipeline).map(({ code }) => code)).toEqual(['GRAPH_STAGE_INVALID']);
    },
  );

  it('refuses a dependency on a class that is there twice: GRAPH_AMBIGUOUS_DEPENDENCY', () => {
    @Stage()
    @DependsOn(Greet)
    class Reader {
      execute() {}
    }
    const pipeline = new Pipeline('p').withStage('one', Greet).withStage('two', Greet).withStage('reader', Reader);
    expect(problemsOf(pipeline)).toMatchObject([
      { code: 'GRAPH_AMBIGUOUS_DEPENDENCY', message: expect.stringContaining('"one" and "two"') },
    ]);
  });

  it('refuses an interceptor class whose constructor needs something', () => {
    class Needy implements Interceptor {
      constructor(readonly what: string) {}
      intercept: Interceptor['intercept'] = (_, next) => next();
    }
    const problems = problemsOf(new Pipeline('p', { interceptors: [Needy] }).withStage('a', Greet));
    expect(problems).toMatchObject([{ code: 'GRAPH_STAGE_INVALID', message: expect.stringContaining('Needy') }]);
  });

  it('refuses options out of range: GRAPH_OPTION_INVALID', () => {
    const codes = problemsOf(
      new Pipeline('p', { maxConcurrency: 0, failurePolicy: 'hope' as never }).withStage('a', Greet, { timeoutMs: -1 }),
    ).map(({ code }) => code);
    expect(codes).toEqual(['GRAPH_OPTION_INVALID', 'GRAPH_OPTION_INVALID', 'GRAPH_OPTION_INVALID']);
  });

  it('makes one instance of an interceptor class for all stages', async () => {
    let made = 0;
    class Shared implements Interceptor {
      constructor() {
        made++;
      }
      intercept: Interceptor['intercept'] = (_, next) => next();
    }
    await new Pipeline('p', { interceptors: [Shared] }).withStage('a', Greet).withStage('b', Greet).run();
    expect(made).toBe(1);
  });

  it('puts the interceptors of the pipeline outside those of a stage; [] is none (079)', async () => {
    const log: string[] = [];
    const mark = (name: string): Interceptor => ({
      name,
      intercept: (_, next) => {
        log.push(name);
        return next();
      },
    });
    await new Pipeline('p', { interceptors: [mark('pipeline')] })
      .withStage('a', Greet, { interceptors: [mark('stage')] })
      .run();
    await new Pipeline('p', { interceptors: [] }).withStage('a', Greet, { interceptors: [] }).run();
    expect(log).toEqual(['pipeline', 'stage']);
  });
});

describe('a built pipeline', () => {
  it('runs any number of times, at once or in turn, and closes (APP_CLOSED)', async () => {
    const sink = new MemorySink();
    const built = new Pipeline('p').withStage('a', Greet).build({ sinks: [sink], clock: new ManualClock() });
    expect(built.name).toBe('p');
    await Promise.all([built.run(), built.run()]);
    expect(sink.ofType('pipeline.completed')).toHaveLength(2);
    await built[Symbol.asyncDispose]();
    expect(await rejection((async () => built.run())())).toMatchObject({ code: 'APP_CLOSED' });
  });

  it('starts a run to watch', async () => {
    const run = new Pipeline('p').withStage('a', Greet).start({ inputText: 'Ada' });
    const outcome = await run.result;
    expect(outcome.results.of('a').message).toBe('Hello, Ada');
  });
});
