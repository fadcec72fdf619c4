import { describe, expect, it } from 'vitest';
import { DependsOn, Injectable, Stage, When } from '../../../decorators/index.js';
import { DefinitionError } from '../../../src/errors/index.js';
import { readOwnMetadata } from '../../../src/metadata/index.js';
import { type StageContext, StageKind } from '../../../src/stage/index.js';
import { problemOf, problemsOf, untyped } from './problems-of.js';

class Bare {
  execute() {}
}

describe('@Stage', () => {
  it('has a default for every option', () => {
    @Stage()
    class Fetch {
      execute() {}
    }
    expect(readOwnMetadata('stage', Fetch)).toEqual({
      name: 'Fetch',
      kind: 'transform',
      timeoutMs: null,
      priority: 0,
      idempotent: false,
      when: null,
      output: null,
      input: null,
    });
  });

  it('records what it is given', () => {
    const when = () => true;
    @Stage({ kind: StageKind.Guard, name: 'check', timeoutMs: 20, priority: -1, when })
    class Guard {
      execute() {}
    }
    expect(readOwnMetadata('stage', Guard)).toEqual({
      name: 'check',
      kind: 'guard',
      timeoutMs: 20,
      priority: -1,
      idempotent: false,
      when,
      output: null,
      input: null,
    });
    expect(Object.isFrozen(readOwnMetadata('stage', Guard))).toBe(true);
  });

  it('takes 0 as no limit (043)', () => {
    @Stage({ timeoutMs: 20 })
    class Limited {
      execute() {}
    }
    @Stage({ timeoutMs: 0 })
    class Unlimited extends Limited {}
    expect(readOwnMetadata('stage', Unlimited)?.timeoutMs).toBeNull();
  });

  it('leaves the class as it was: no wrapper, no property, usable without stageflow', () => {
    class Service {
      readonly text = 'x';
    }
    class Plain {
      constructor(readonly service: Service) {}
      execute(_ctx: StageContext) {
        return { text: this.service.text };
      }
    }
    const before = [Reflect.ownKeys(Plain), Reflect.ownKeys(Plain.prototype), Plain.length] as const;
    Reflect.defineMetadata('design:paramtypes', [Service], Plain);
    expect(Stage()(Plain)).toBeUndefined();
    expect(DependsOn()(Plain)).toBeUndefined();
    expect(Injectable()(Plain)).toBeUndefined();
    expect([Reflect.ownKeys(Plain), Reflect.ownKeys(Plain.prototype), Plain.length]).toEqual(before);
    expect(new Plain(new Service()).execute(untyped(null))).toEqual({ text: 'x' });
  });

  describe('on a subclass', () => {
    const when = () => true;
    @Stage({ kind: StageKind.Work, name: 'parent', timeoutMs: 100, priority: 5, when })
    class Parent {
      execute() {}
    }

    it('keeps every option of the parent that it does not give, except the name', () => {
      @Stage()
      class Child extends Parent {}
      expect(readOwnMetadata('stage', Child)).toEqual({
        name: 'Child',
        kind: 'work',
        timeoutMs: 100,
        priority: 5,
        idempotent: false,
        when,
        output: null,
        input: null,
      });
    });

    it('overrides option by option, and nothing leaks to the parent or to a sibling', () => {
      const before = readOwnMetadata('stage', Parent);
      @Stage({ timeoutMs: 7 })
      class Left extends Parent {}
      @Stage({ priority: 0, kind: StageKind.Guard })
      class Right extends Parent {}
      expect(readOwnMetadata('stage', Left)).toMatchObject({ kind: 'work', timeoutMs: 7, priority: 5 });
      expect(readOwnMetadata('stage', Right)).toMatchObject({ kind: 'guard', timeoutMs: 100, priority: 0 });
      expect(readOwnMetadata('stage', Parent)).toBe(before);
    });

    it('goes on from the nearest annotated ancestor', () => {
      class Between extends Parent {}
      @Stage()
      class Grandchild extends Between {}
      expect(readOwnMetadata('stage', Grandchild)).toMatchObject({ name: 'Grandchild', timeoutMs: 100 });
    });

    it('does not make a subclass a stage that is not annotated itself', () => {
      class Child extends Parent {}
      expect(readOwnMetadata('stage', Child)).toBeUndefined();
    });
  });

  describe('refuses', () => {
    it('something else than true or false for idempotent', () => {
      class Often extends Bare {}
      const problem = problemOf('METADATA_OPTION_INVALID', () => Stage({ idempotent: 'yes' as never })(Often));
      expect(problem.message).toBe('@Stage on "Often" has idempotent "yes".');
    });

    it('to be applied twice', () => {
      class Twice extends Bare {}
      Stage()(Twice);
      const problem = problemOf('METADATA_OPTION_INVALID', () => Stage({ priority: 1 })(Twice));
      expect(problem.message).toBe('@Stage on "Twice" is applied twice.');
      expect(readOwnMetadata('stage', Twice)?.priority).toBe(0);
    });

    it.each([
      ['an object', {}],
      ['the prototype a method decorator gets', Bare.prototype],
      ['an arrow function', () => {}],
      ['nothing', undefined],
      ['null', null],
    ])('to stand on %s', (_what, target) => {
      const problem = problemOf('METADATA_OPTION_INVALID', () => Stage()(untyped(target)));
      expect(problem.message).toContain('does not stand on a class');
    });

    it('a class without an execute method', () => {
      class Service {
        run() {}
      }
      const problem = problemOf('METADATA_OPTION_INVALID', () => Stage()(untyped(Service)));
      expect(problem.message).toBe('@Stage on "Service" finds no execute method.');
      expect(readOwnMetadata('stage', Service)).toBeUndefined();
    });

    it('a class without a name, unless one is given (070)', () => {
      const anonymous = () =>
        class {
          execute() {}
        };
      expect(problemOf('METADATA_OPTION_INVALID', () => Stage()(anonymous())).message).toContain('has the name ""');
      const named = anonymous();
      Stage({ name: 'named' })(named);
      expect(readOwnMetadata('stage', named)?.name).toBe('named');
    });

    it.each([
      ['a blank name (070)', { name: ' ' }, 'has the name " "'],
      ['an empty name (070)', { name: '' }, 'has the name ""'],
      ['a name that is no string (070)', { name: 7 }, 'has the name 7'],
      ['an unknown kind', { kind: 'gard' }, 'has the unknown kind "gard"'],
      ['a negative limit', { timeoutMs: -1 }, 'has timeoutMs -1'],
      ['a limit that is no number', { timeoutMs: '2s' }, 'has timeoutMs "2s"'],
      ['an endless limit', { timeoutMs: Number.POSITIVE_INFINITY }, 'has timeoutMs Infinity'],
      ['NaN', { priority: Number.NaN }, 'has priority NaN'],
      ['null as a limit', { timeoutMs: null }, 'has timeoutMs null'],
      ['a condition that is no function', { when: true }, 'has true as when'],
      ['an async condition', { when: async () => true }, 'has an async function as when'],
      ['a misspelt option', { timeout: 5 }, 'has no option "timeout"'],
      ['something else than options', 'fetch', 'was given "fetch" instead of options'],
      ['null', null, 'was given null instead of options'],
      ['being used without the call', Bare, 'was given class Bare instead of options'],
    ])('%s', (_what, options, text) => {
      class Fetch extends Bare {}
      const problem = problemOf('METADATA_OPTION_INVALID', () => Stage(untyped(options))(Fetch));
      expect(problem.message).toContain(text);
      expect(problem.message).toContain('@Stage on "Fetch"');
      expect(problem.fix).not.toBe('');
      expect(readOwnMetadata('stage', Fetch)).toBeUndefined();
    });

    it('everything at once, serialisable', () => {
      class Wrong {}
      const decorate = () => Stage(untyped({ name: '', kind: 'x', timeoutMs: -1, priority: 'high' }))(untyped(Wrong));
      expect(problemsOf(decorate)).toHaveLength(5);
      expect(decorate).toThrow(DefinitionError);
      expect(JSON.parse(JSON.stringify(problemsOf(decorate)))).toEqual(problemsOf(decorate));
    });

    it('a second condition, wherever it comes from', () => {
      const when = () => true;
      class WhenBelow extends Bare {}
      When(Bare, when)(WhenBelow);
      expect(problemOf('METADATA_OPTION_INVALID', () => Stage({ when })(WhenBelow)).message).toContain(
        'second condition',
      );

      class WhenAbove extends Bare {}
      Stage({ when })(WhenAbove);
      const decorate = () => When(Bare, when)(WhenAbove);
      expect(problemOf('METADATA_OPTION_INVALID', decorate).message).toContain('second condition');

      class Inherits extends WhenBelow {}
      expect(problemOf('METADATA_OPTION_INVALID', () => Stage({ when })(Inherits)).message).toContain('or inherits');
    });
  });
});
