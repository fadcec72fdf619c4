import { describe, expect, it } from 'vitest';
import { Intercept, When } from '../../../decorators/index.js';
import { readMetadata, readOwnMetadata } from '../../../src/metadata/index.js';
import type { Interceptor, Next, StageContext } from '../../../src/stage/index.js';
import { problemOf, problemsOf, untyped } from './problems-of.js';

class Router {
  execute() {
    return { route: 'sales' };
  }
}
class Bare {
  execute() {}
}
class Audit implements Interceptor {
  intercept(_ctx: StageContext, next: Next) {
    return next();
  }
}
class Cache extends Audit {}

describe('@When', () => {
  it('records the stage and the predicate, for subclasses too until they have their own', () => {
    const sales = (output: { route: string }) => output.route === 'sales';
    const support = (output: { route: string }) => output.route === 'support';
    @When(Router, sales)
    class Parent {
      execute() {}
    }
    class Keeps extends Parent {}
    @When(Router, support)
    class Replaces extends Parent {}
    expect(readMetadata('when', Keeps)).toEqual({ stage: Router, predicate: sales });
    expect(readMetadata('when', Replaces)).toEqual({ stage: Router, predicate: support });
    expect(readOwnMetadata('when', Parent)).toEqual({ stage: Router, predicate: sales });
  });

  it('explains undefined by a circular import', () => {
    const decorate = () => When(untyped(undefined), () => true)(class Sales extends Bare {});
    expect(problemOf('METADATA_DEPENDENCY_INVALID', decorate).message).toContain('import each other in a circle');
  });

  it('reports a wrong stage and a wrong predicate together', () => {
    const decorate = () => When(untyped('Router'), untyped(undefined))(class Sales extends Bare {});
    expect(problemsOf(decorate).map(({ code }) => code)).toEqual([
      'METADATA_DEPENDENCY_INVALID',
      'METADATA_OPTION_INVALID',
    ]);
  });

  it('refuses an async predicate, whose promise would count as true', () => {
    const decorate = () =>
      When(
        Router,
        untyped(async () => false),
      )(class Sales extends Bare {});
    expect(problemOf('METADATA_OPTION_INVALID', decorate).message).toContain('an async function as predicate');
  });

  it('refuses to be applied twice', () => {
    class Sales extends Bare {}
    When(Router, () => true)(Sales);
    const decorate = () => When(Router, () => false)(Sales);
    expect(problemOf('METADATA_OPTION_INVALID', decorate).message).toContain('is applied twice');
  });
});

describe('@Intercept', () => {
  it('adds to the list of the parent, the parent first, and leaks nowhere', () => {
    const own = new Cache();
    @Intercept(Audit)
    class Parent {
      execute() {}
    }
    @Intercept(own)
    class Left extends Parent {}
    @Intercept(Cache, Cache)
    class Right extends Parent {}
    class Keeps extends Parent {}
    @Intercept(Cache)
    class Grandchild extends Left {}
    expect(readMetadata('intercept', Left)?.interceptors).toEqual([Audit, own]);
    expect(readMetadata('intercept', Right)?.interceptors).toEqual([Audit, Cache, Cache]);
    expect(readMetadata('intercept', Keeps)?.interceptors).toEqual([Audit]);
    expect(readMetadata('intercept', Grandchild)?.interceptors).toEqual([Audit, own, Cache]);
    expect(readOwnMetadata('intercept', Parent)?.interceptors).toEqual([Audit]);
    expect(Object.isFrozen(readMetadata('intercept', Left)?.interceptors)).toBe(true);
  });

  it('takes objects with an intercept method of any making', () => {
    const plain: Interceptor = { intercept: (_ctx, next) => next() };
    const bare: Interceptor = Object.assign(Object.create(null), plain);
    @Intercept(plain, bare)
    class Sales {
      execute() {}
    }
    expect(readOwnMetadata('intercept', Sales)?.interceptors).toEqual([plain, bare]);
  });

  it('explains undefined, and refuses what has no intercept method, all at once', () => {
    class Handler {
      handle() {}
    }
    const decorate = () =>
      Intercept(untyped(undefined), untyped(Handler), Audit, untyped('audit'))(class Sales extends Bare {});
    const problems = problemsOf(decorate);
    expect(problems.map(({ code }) => code)).toEqual(Array(3).fill('METADATA_OPTION_INVALID'));
    expect(problems[0]?.message).toContain('import each other in a circle');
    expect(problems[1]?.message).toContain('class Handler as argument 2');
    expect(problems[2]?.message).toContain('"audit" as argument 4');
  });

  it('refuses to be applied twice', () => {
    class Sales extends Bare {}
    Intercept(Audit)(Sales);
    expect(problemOf('METADATA_OPTION_INVALID', () => Intercept(Cache)(Sales)).message).toContain('is applied twice');
  });
});
