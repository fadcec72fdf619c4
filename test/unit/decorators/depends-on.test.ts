import { describe, expect, it } from 'vitest';
import { DependsOn } from '../../../decorators/index.js';
import { readMetadata, readOwnMetadata } from '../../../src/metadata/index.js';
import { optional } from '../../../src/stage/index.js';
import { problemOf, problemsOf, untyped } from './problems-of.js';

class Fetch {
  execute() {}
}
class Rank {
  execute() {}
}

describe('@DependsOn', () => {
  it('records its dependencies in order, repeats included (001)', () => {
    const perhaps = optional(Rank);
    @DependsOn(Fetch, perhaps, Fetch)
    class Parse {
      execute() {}
    }
    const dependencies = readOwnMetadata('dependsOn', Parse)?.dependencies;
    expect(dependencies).toEqual([Fetch, perhaps, Fetch]);
    expect(Object.isFrozen(dependencies)).toBe(true);
  });

  it('is kept by a subclass without one of its own, and replaced by one with', () => {
    @DependsOn(Fetch)
    class Parent {
      execute() {}
    }
    class Keeps extends Parent {}
    @DependsOn(Rank)
    class Replaces extends Parent {}
    @DependsOn()
    class Empties extends Parent {}
    expect(readMetadata('dependsOn', Keeps)?.dependencies).toEqual([Fetch]);
    expect(readMetadata('dependsOn', Replaces)?.dependencies).toEqual([Rank]);
    expect(readMetadata('dependsOn', Empties)?.dependencies).toEqual([]);
    expect(readOwnMetadata('dependsOn', Parent)?.dependencies).toEqual([Fetch]);
  });

  it('explains undefined by a circular import or a class declared later', () => {
    class Parse extends Fetch {}
    const decorate = () => DependsOn(Rank, untyped(undefined))(Parse);
    const problem = problemOf('METADATA_DEPENDENCY_INVALID', decorate);
    expect(problem.message).toContain('@DependsOn on "Parse" has undefined as argument 2');
    expect(problem.message).toContain('import each other in a circle');
    expect(problem.message).toContain('declared further down in the same file');
    expect(readOwnMetadata('dependsOn', Parse)).toBeUndefined();
  });

  it('says so for two files that import each other', async () => {
    const text = '@DependsOn on "Right" has undefined as argument 1';
    await expect(import('./circular/left.js')).rejects.toThrow(text);
  });

  it('explains optional(undefined) the same way', () => {
    const decorate = () => DependsOn(optional(untyped(undefined)))(class Parse extends Fetch {});
    expect(problemOf('METADATA_DEPENDENCY_INVALID', decorate).message).toContain('import each other in a circle');
  });

  it.each([
    ['a name (070)', 'Fetch', '"Fetch"'],
    ['a list', [Fetch], 'an array'],
    ['an instance', new Fetch(), 'an empty object'],
    ['null', null, 'null'],
    ['a function', () => Fetch, 'a function'],
    ['a class that is no stage', Map, 'class Map'],
    ['optional() of something else', optional(untyped('Fetch')), '"Fetch"'],
  ])('refuses %s', (_what, dependency, text) => {
    class Parse extends Fetch {}
    const problem = problemOf('METADATA_DEPENDENCY_INVALID', () => DependsOn(untyped(dependency))(Parse));
    expect(problem.message).toBe(`@DependsOn on "Parse" has ${text} as argument 1.`);
  });

  it('reports every argument that is wrong', () => {
    const decorate = () => DependsOn(untyped(undefined), Fetch, untyped(7))(class Parse extends Fetch {});
    expect(problemsOf(decorate).map(({ details }) => details.where)).toEqual(['argument 1', 'argument 3']);
  });

  it('refuses to be applied twice, and on what is no class', () => {
    class Parse extends Fetch {}
    DependsOn(Fetch)(Parse);
    expect(problemOf('METADATA_OPTION_INVALID', () => DependsOn(Rank)(Parse)).message).toContain('is applied twice');
    expect(problemOf('METADATA_OPTION_INVALID', () => DependsOn(Rank)(untyped({}))).message).toContain('a class');
    expect(readOwnMetadata('dependsOn', Parse)?.dependencies).toEqual([Fetch]);
  });
});
