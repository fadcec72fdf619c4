import { describe, expect, it } from 'vitest';
import { ForEach, Repeat, SubPipeline } from '../../../decorators/index.js';
import { atLeast } from '../../../src/stage/index.js';
import { problemOf, problemsOf, untyped } from './problems-of.js';

class List {
  execute() {
    return { items: [1] };
  }
}
class Work {
  each(): object {
    return {};
  }
  iterate(): object {
    return {};
  }
  execute(): void {}
}
class AuditModule {}
const key = (item: number): number => item;
const items = (list: { items: number[] }): number[] => list.items;

describe('@ForEach', () => {
  it.each([
    [{ key: 'id' }, 'has key "id".'],
    [{ key, concurrency: 0 }, 'has concurrency 0.'],
    [{ key, policy: 'any' }, 'has policy "any".'],
    [{ key, policy: atLeast(0) }, 'has policy an object with atLeast, members.'],
    [{ key, policy: atLeast(1, List) }, 'has policy an object with atLeast, members.'],
    [{ key, timeoutMs: -1 }, 'has timeoutMs -1.'],
    [{ key, interceptors: [class Spy {}] }, 'has interceptors an array.'],
    [{ key, input: {} }, 'has input an empty object.'],
    [{ key, limit: 3 }, 'has no option "limit".'],
  ])('refuses %o', (options, text) => {
    const problem = problemOf('METADATA_OPTION_INVALID', () =>
      ForEach(List, items, untyped(options))(class Some extends Work {}),
    );
    expect(problem.message).toBe(`@ForEach on "Some" ${text}`);
  });

  it('refuses what is no stage class, no function, no module', () => {
    const problems = problemsOf(() =>
      ForEach(untyped('list'), untyped('items'), { key, run: untyped('audit') })(class Some extends Work {}),
    );
    expect(problems.map(({ code, details }) => [code, details.where])).toEqual([
      ['METADATA_DEPENDENCY_INVALID', 'argument 1'],
      ['METADATA_OPTION_INVALID', 'argument 2'],
      ['METADATA_DEPENDENCY_INVALID', 'run'],
    ]);
  });

  it('refuses a class that does nothing with an item', () => {
    const problem = problemOf('METADATA_OPTION_INVALID', () =>
      ForEach(List, items, { key })(untyped(class Some extends List {})),
    );
    expect(problem.message).toBe('@ForEach on "Some" finds no each method.');
  });

  it('refuses a retry that cannot be', () => {
    expect(() => ForEach(List, items, { key, retry: { attempts: 0 } })(class Some extends Work {})).toThrow(
      /attempts 0/,
    );
  });
});

describe('@Repeat', () => {
  const until = (): boolean => true;

  it.each([
    [{ until }, 'has maxIterations undefined.', 'A loop needs a bound: give maxIterations, or timeoutMs, or both.'],
    [{ until, maxIterations: 0 }, 'has maxIterations 0.', 'Give a whole number from 1.'],
    [{ until, timeoutMs: 0 }, 'has timeoutMs 0.', 'Give milliseconds, more than 0, or leave it out.'],
    [{ until, maxIterations: 2, stagnation: 1 }, 'has stagnation 1.', 'Give a whole number from 2, or leave it out.'],
    [{ until: 3, maxIterations: 2 }, 'has until 3.', 'Give a function that says when it is over.'],
  ])('refuses %o', (options, text, fix) => {
    const problem = problemOf('METADATA_OPTION_INVALID', () => Repeat(untyped(options))(class Some extends Work {}));
    expect(problem).toMatchObject({ message: `@Repeat on "Some" ${text}`, fix });
  });

  it('refuses a class that does nothing, and what is no module', () => {
    const nothing = (): void => Repeat({ until, maxIterations: 2 })(untyped(class Some extends List {}));
    expect(problemOf('METADATA_OPTION_INVALID', nothing).message).toBe('@Repeat on "Some" finds no iterate method.');
    const noModule = (): void => Repeat({ until, maxIterations: 2, run: untyped(3) })(class Some extends Work {});
    expect(problemOf('METADATA_DEPENDENCY_INVALID', noModule).message).toContain('has 3 as run');
  });
});

it('what drives a stage may stand on its class alone', () => {
  @Repeat({ until: () => true, maxIterations: 2 })
  class Loop extends Work {}
  for (const [name, decorate] of [
    ['@ForEach', () => ForEach(List, items, { key })(class Some extends Loop {})],
    ['@SubPipeline', () => SubPipeline(AuditModule)(untyped(class Some extends Loop {}))],
  ] as const) {
    expect(problemOf('METADATA_OPTION_INVALID', decorate).message).toBe(
      `${name} on "Some" stands beside @Repeat, on this class or on a parent.`,
    );
  }
});
