import { describe, expect, it } from 'vitest';
import { Inject, Injectable, Optional } from '../../../decorators/index.js';
import { type Lazy, lazy, readOwnMetadata, Scope, token } from '../../../src/metadata/index.js';
import { problemOf, untyped } from './problems-of.js';

interface Clock {
  now(): number;
}
const CLOCK = token<Clock>('Clock');
class Service {}

describe('@Injectable', () => {
  it('records the scope, or that none was chosen', () => {
    @Injectable()
    class Plain {}
    @Injectable({ scope: Scope.Transient })
    class Transient {}
    expect(readOwnMetadata('injectable', Plain)).toEqual({ scope: null });
    expect(readOwnMetadata('injectable', Transient)).toEqual({ scope: 'transient' });
  });

  it('says nothing about subclasses', () => {
    @Injectable({ scope: Scope.Run })
    class Parent {}
    class Child extends Parent {}
    @Injectable()
    class Annotated extends Parent {}
    expect(readOwnMetadata('injectable', Child)).toBeUndefined();
    expect(readOwnMetadata('injectable', Annotated)).toEqual({ scope: null });
  });

  it('refuses an unknown scope, an unknown option, to be applied twice, and what is no class', () => {
    const unknownScope = () => Injectable({ scope: untyped('request') })(class Service {});
    expect(problemOf('METADATA_OPTION_INVALID', unknownScope).fix).toContain('singleton, run, tenant, transient');
    const unknownOption = () => Injectable(untyped({ scoped: true }))(class Service {});
    expect(problemOf('METADATA_OPTION_INVALID', unknownOption).message).toContain('has no option "scoped"');
    class Twice {}
    Injectable()(Twice);
    expect(problemOf('METADATA_OPTION_INVALID', () => Injectable()(Twice)).message).toContain('is applied twice');
    expect(problemOf('METADATA_OPTION_INVALID', () => Injectable()(untyped(null))).message).toContain('a class');
  });
});

describe('@Inject and @Optional', () => {
  it('are recorded per parameter, in order, merged', () => {
    const reference = lazy(() => Service);
    @Injectable()
    class Consumer {
      constructor(
        readonly plain: Service,
        @Inject(CLOCK) @Optional() readonly clock: Clock | undefined,
        @Optional() readonly perhaps?: Service,
        @Inject('name') readonly name?: string,
        @Inject(reference) readonly later?: Lazy<Service>,
      ) {}
    }
    expect(readOwnMetadata('parameters', Consumer)).toEqual([
      { index: 1, token: CLOCK, optional: true },
      { index: 2, optional: true },
      { index: 3, token: 'name' },
      { index: 4, token: reference },
    ]);
    expect(Object.isFrozen(readOwnMetadata('parameters', Consumer))).toBe(true);
  });

  it('belong to one class: a subclass with its own constructor starts anew, a sibling sees nothing', () => {
    class Parent {
      constructor(
        @Inject('a') readonly a: string,
        @Inject('b') readonly b: string,
      ) {}
    }
    class Left extends Parent {
      constructor(@Inject('left') left: string) {
        super(left, left);
      }
    }
    class Right extends Parent {
      constructor(
        right: Service,
        @Optional() readonly perhaps?: Service,
      ) {
        super(String(right), '');
      }
    }
    expect(readOwnMetadata('parameters', Left)).toEqual([{ index: 0, token: 'left' }]);
    expect(readOwnMetadata('parameters', Right)).toEqual([{ index: 1, optional: true }]);
    expect(readOwnMetadata('parameters', Parent)).toEqual([
      { index: 0, token: 'a' },
      { index: 1, token: 'b' },
    ]);
  });

  it('explain an undefined token, and name the lazy way out', () => {
    const decorate = () => Inject(untyped(undefined))(class Consumer {}, undefined, untyped(1));
    const problem = problemOf('METADATA_OPTION_INVALID', decorate);
    expect(problem.message).toContain('@Inject on "Consumer" has undefined as the token of constructor parameter 2');
    expect(problem.message).toContain('import each other in a circle');
    expect(problem.fix).toContain('@Inject(lazy(() => Service))');
  });

  it.each([
    [42, 'has 42 as the token'],
    [null, 'has null as the token'],
    [{ name: 'Clock' }, 'has an object with name as the token'],
    ['', 'has a blank name'],
    [token(' '), 'has a blank name'],
  ])('refuse %o as a token', (value, text) => {
    const decorate = () => Inject(untyped(value))(class Consumer {}, undefined, untyped(0));
    expect(problemOf('METADATA_OPTION_INVALID', decorate).message).toContain(text);
  });

  it('accept a symbol, with or without a description', () => {
    class Consumer {}
    Inject(Symbol('described'))(Consumer, undefined, untyped(0));
    Inject(Symbol())(Consumer, undefined, untyped(1));
    expect(readOwnMetadata('parameters', Consumer)).toHaveLength(2);
  });

  it('refuse to be applied twice to one parameter', () => {
    class Consumer {}
    Inject('a')(Consumer, undefined, untyped(0));
    const again = () => Inject('b')(Consumer, undefined, untyped(0));
    expect(problemOf('METADATA_OPTION_INVALID', again).message).toContain('applied twice to constructor parameter 1');
    Optional()(Consumer, undefined, untyped(0));
    const optionalAgain = () => Optional()(Consumer, undefined, untyped(0));
    expect(problemOf('METADATA_OPTION_INVALID', optionalAgain).message).toContain('@Optional on "Consumer"');
    expect(readOwnMetadata('parameters', Consumer)).toEqual([{ index: 0, token: 'a', optional: true }]);
  });

  it('refuse parameters of methods, static ones included', () => {
    class Consumer {
      run() {}
    }
    const onMethod = () => Inject('a')(Consumer.prototype, untyped('run'), untyped(0));
    const problem = problemOf('METADATA_OPTION_INVALID', onMethod);
    expect(problem.message).toBe('@Inject on "Consumer" stands on a parameter of method "run".');
    const onStatic = () => Optional()(Consumer, untyped('make'), untyped(0));
    expect(problemOf('METADATA_OPTION_INVALID', onStatic).message).toContain('method "make"');
  });
});
