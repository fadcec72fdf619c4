import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { Inject, Injectable, Optional, PipelineModule, Stage } from '../../../decorators/index.js';
import { DefinitionError } from '../../../src/errors/index.js';
import { constructorProblems, readOwnMetadata, token } from '../../../src/metadata/index.js';
import { StageKind } from '../../../src/stage/index.js';
import { problemOf, problemsOf } from '../decorators/problems-of.js';
import type { TypeOnly } from './type-only.js';

interface Clock {
  now(): number;
}
const CLOCK = token<Clock>('Clock');
class Service {}
class Other {}

/** What a class looks like that was compiled by tsx or esbuild, or without emitDecoratorMetadata. */
function withoutTypes<C extends Function>(target: C): C {
  Reflect.deleteMetadata('design:paramtypes', target);
  return target;
}

describe('the check of constructor metadata', () => {
  it('is content with classes, tokens and defaults', () => {
    @Injectable()
    class Fine {
      constructor(
        readonly service: Service,
        @Inject(CLOCK) readonly clock: Clock,
        @Inject('url') readonly url: string,
        @Inject(CLOCK) readonly either: Clock | string,
        @Optional() readonly perhaps?: Service,
        readonly or: Other | undefined = undefined,
        readonly retries = 3,
        readonly clockOrNot: Clock = { now: () => 0 },
      ) {}
    }
    expect(constructorProblems(Fine)).toEqual([]);
    expect(readOwnMetadata('injectable', Fine)).toEqual({ scope: null });
  });

  it('is content with a constructor without parameters, or none', () => {
    class Empty {}
    class Explicit {
      readonly x: number;
      constructor() {
        this.x = 1;
      }
    }
    expect(constructorProblems(Empty)).toEqual([]);
    expect(constructorProblems(Explicit)).toEqual([]);
  });

  describe('without any emitted types (tsx, esbuild, no emitDecoratorMetadata)', () => {
    it('names the class, the parameters and the cures', () => {
      class Fetch {
        constructor(
          readonly service: Service,
          readonly clock: Clock,
        ) {}
        execute() {}
      }
      const problem = problemOf('METADATA_MISSING', () => Stage()(withoutTypes(Fetch)));
      expect(problem.message).toBe(
        'The constructor of "Fetch" carries no types, so nobody knows what to inject for "service", "clock".',
      );
      for (const cure of [
        'emitDecoratorMetadata',
        'vitest',
        '@oxc-node/core',
        '`include`',
        'tsx',
        'esbuild',
        '@Inject',
      ]) {
        expect(problem.fix).toContain(cure);
      }
      expect(problem.details).toEqual({ class: 'Fetch', parameters: ['"service"', '"clock"'] });
      expect(readOwnMetadata('stage', Fetch)).toBeUndefined();
    });

    it('says so after decorators really took the types away', () => {
      @Injectable()
      class Consumer {
        constructor(readonly service: Service) {}
      }
      expect(constructorProblems(Consumer)).toEqual([]);
      expect(constructorProblems(withoutTypes(Consumer))).toMatchObject([{ code: 'METADATA_MISSING' }]);
    });

    it('is content if every parameter says what to inject, or has a default', () => {
      class Consumer {
        constructor(
          @Inject(CLOCK) readonly clock: Clock,
          @Inject(Service) readonly service: Service,
          readonly retries = 3,
        ) {}
      }
      expect(constructorProblems(withoutTypes(Consumer))).toEqual([]);
    });

    it('names only the parameters in question', () => {
      class Consumer {
        constructor(
          @Inject(CLOCK) readonly clock: Clock,
          readonly service: Service,
        ) {}
      }
      expect(constructorProblems(withoutTypes(Consumer))[0]?.details.parameters).toEqual(['"service"']);
    });

    it('asks services and modules as well', () => {
      class Module {
        constructor(readonly service: Service) {}
      }
      expect(problemOf('METADATA_MISSING', () => Injectable()(Module)).message).toContain('"Module"');
      expect(problemOf('METADATA_MISSING', () => PipelineModule()(Module)).message).toContain('"Module"');
    });
  });

  describe('with types the compiler erased', () => {
    it('names class, parameter and cure, for each parameter, in one error', () => {
      const decorate = () => {
        @Stage({ kind: StageKind.Enrich })
        class Fetch {
          constructor(
            readonly service: Service,
            readonly imported: TypeOnly,
            readonly clock: Clock,
            readonly url: string,
            readonly list: readonly Service[],
            readonly call: () => void,
            readonly either: Service | Other,
            readonly later: Promise<Service>,
            readonly retries: number,
            readonly dry: boolean,
          ) {}
          execute() {}
        }
        return Fetch;
      };
      const problems = problemsOf(decorate);
      expect(problems.map(({ code }) => code)).toEqual(Array(9).fill('METADATA_ERASED'));
      expect(problems.map(({ details }) => [details.parameter, details.type])).toEqual([
        ['imported', 'Object'],
        ['clock', 'Object'],
        ['url', 'String'],
        ['list', 'Array'],
        ['call', 'Function'],
        ['either', 'Object'],
        ['later', 'Promise'],
        ['retries', 'Number'],
        ['dry', 'Boolean'],
      ]);
      expect(problems[0]?.message).toBe(
        'Constructor parameter "imported" of "Fetch" has a type that was erased at compile time; Object is all that is left of it.',
      );
      expect(problems[0]?.fix).toContain('`import` instead of `import type`');
      expect(problems[0]?.fix).toContain('@Inject(token)');
      for (const { fix } of problems) expect(fix).toContain('@Inject(token)');
      expect(decorate).toThrow(DefinitionError);
      expect(decorate).toThrow('@Stage on "Fetch" has 9 problems');
    });

    it('asks for a token where an optional parameter names nothing to look for', () => {
      const decorate = () => {
        @Injectable()
        class Consumer {
          constructor(@Optional() readonly clock?: Clock) {}
        }
        return Consumer;
      };
      expect(problemOf('METADATA_ERASED', decorate).details).toMatchObject({ class: 'Consumer', parameter: 'clock' });
    });

    it('sees undefined where files import each other in a circle', () => {
      class Consumer {
        constructor(readonly other: Other) {}
      }
      Reflect.defineMetadata('design:paramtypes', [undefined], Consumer);
      const problem = problemOf('METADATA_ERASED', () => Injectable()(Consumer));
      expect(problem.message).toContain('undefined is all that is left of it');
      expect(problem.fix).toContain('in a circle');
    });
  });

  describe('on a subclass', () => {
    @Injectable()
    class Parent {
      constructor(readonly service: Service) {}
    }

    it('accepts the constructor it inherits', () => {
      @Injectable()
      class Child extends Parent {}
      expect(constructorProblems(Child)).toEqual([]);
    });

    it('does not take the types of its parent for those of its own constructor', () => {
      class Child extends Parent {
        constructor(
          service: Service,
          readonly clock: Clock,
        ) {
          super(service);
        }
      }
      expect(constructorProblems(Child)).toMatchObject([
        { code: 'METADATA_MISSING', details: { parameters: ['"service"', '"clock"'] } },
      ]);
    });
  });

  it('is reported together with what else is wrong', () => {
    class Fetch {
      constructor(readonly service: Service) {}
      execute() {}
    }
    const problems = problemsOf(() => Stage({ timeoutMs: -1 })(Fetch));
    expect(problems.map(({ code }) => code)).toEqual(['METADATA_OPTION_INVALID', 'METADATA_MISSING']);
  });
});
