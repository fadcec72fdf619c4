import { describe, expect, it } from 'vitest';
import { Compensate, DependsOn, RetryFrom, Stage } from '../../../decorators/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { atLeast, type QuorumOf, type StageContext, StageKind, StageOutput } from '../../../src/stage/index.js';
import { problemOf, untyped } from './problems-of.js';

class Draft {
  execute() {}
}
class Rank {
  execute() {}
}

describe('@RetryFrom', () => {
  it.each([
    [{ attempts: 0 }, 'has attempts 0.'],
    [{ attempts: 2, timeoutMs: -1 }, 'has timeoutMs -1.'],
    [{ attempts: 2, stagnation: 1 }, 'has stagnation 1.'],
    [{ attempts: 2, tries: 1 }, 'has no option "tries".'],
  ])('refuses %o', (options, text) => {
    const problem = problemOf('METADATA_OPTION_INVALID', () => {
      @RetryFrom(Draft, options)
      class Check {
        execute() {}
      }
      return Check;
    });
    expect(problem).toMatchObject({ code: 'METADATA_OPTION_INVALID', message: `@RetryFrom on "Check" ${text}` });
  });

  it('refuses what is no stage class, and to stand there twice', () => {
    expect(
      problemOf('METADATA_DEPENDENCY_INVALID', () =>
        RetryFrom(untyped('draft'), { attempts: 2 })(class Check extends Draft {}),
      ),
    ).toMatchObject({
      code: 'METADATA_DEPENDENCY_INVALID',
    });
    const twice = problemOf('METADATA_OPTION_INVALID', () => {
      @RetryFrom(Draft, { attempts: 2 })
      @RetryFrom(Rank, { attempts: 2 })
      class Check {
        execute() {}
      }
      return Check;
    });
    expect(twice.message).toBe('@RetryFrom on "Check" is applied twice.');
  });

  it('sends the run back to the stage of that class, wherever the pipeline names it', async () => {
    let version = 0;
    class Write {
      execute(ctx: StageContext) {
        return { version: ++version, because: ctx.feedback?.reason ?? null };
      }
    }
    @Stage({ kind: StageKind.Guard })
    @DependsOn(Write)
    @RetryFrom(Write, { attempts: 2 })
    class Check {
      execute(ctx: StageContext<typeof Write>) {
        return ctx.inputs.of(Write).version > 1 ? {} : StageOutput.fail('too short');
      }
    }
    const results = await new Pipeline('p').withStage('letter', Write).withStage('check', Check).run();
    expect(results.of('letter')).toEqual({ version: 2, because: 'too short' });
  });
});

describe('@Compensate', () => {
  it('refuses a class without the method', () => {
    expect(problemOf('METADATA_OPTION_INVALID', () => Compensate()(untyped(Draft)))).toMatchObject({
      code: 'METADATA_OPTION_INVALID',
      message: '@Compensate on "Draft" finds no compensate method.',
    });
  });

  it('has the method called with what the stage handed on', async () => {
    const undone: unknown[] = [];
    @Stage({ kind: StageKind.Work })
    @Compensate()
    class Book {
      execute() {
        return { id: 7 };
      }
      compensate(output: { id: number }) {
        undone.push(output.id);
      }
    }
    const pipeline = new Pipeline('p')
      .withStage('book', Book)
      .withStage('fail', () => StageOutput.fail('no'), { dependsOn: ['book'] });
    await expect(pipeline.run()).rejects.toThrow('no');
    expect(undone).toEqual([7]);
  });
});

describe('atLeast', () => {
  it.each([0, 3, 1.5])('refuses %s of two stages', (count) => {
    const problem = problemOf('METADATA_OPTION_INVALID', () => {
      @DependsOn(atLeast(count, Draft, Rank))
      class Join {
        execute() {}
      }
      return Join;
    });
    expect(problem.message).toBe(`@DependsOn on "Join" asks in argument 1 for at least ${count} of 2 stages.`);
  });

  it('lets the stage run without one of the stages', async () => {
    class A {
      execute() {
        return { a: 1 };
      }
    }
    class B {
      execute(): { b: number } {
        throw new Error('down');
      }
    }
    @Stage()
    @DependsOn(atLeast(1, A, B))
    class Join {
      execute(ctx: StageContext<QuorumOf<typeof A | typeof B>>) {
        return { a: ctx.inputs.of(A)?.a, b: ctx.inputs.of(B)?.b ?? null };
      }
    }
    const results = await new Pipeline('p').withStage('a', A).withStage('b', B).withStage('join', Join).run();
    expect(results.of('join')).toEqual({ a: 1, b: null });
  });
});
