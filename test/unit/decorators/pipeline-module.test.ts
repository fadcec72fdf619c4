import { describe, expect, it } from 'vitest';
import { PipelineModule } from '../../../decorators/index.js';
import { readMetadata, readOwnMetadata, token } from '../../../src/metadata/index.js';
import { problemOf, problemsOf, untyped } from './problems-of.js';

class Fetch {
  execute() {}
}
class Audit {
  intercept(_ctx: unknown, next: () => never) {
    return next();
  }
}
class Service {}

describe('@PipelineModule', () => {
  it('may say nothing', () => {
    @PipelineModule()
    class Empty {}
    expect(readOwnMetadata('module', Empty)).toEqual({
      name: 'Empty',
      stages: [],
      tools: [],
      interceptors: [],
      imports: [],
      providers: [],
      exports: [],
      maxConcurrency: null,
      failurePolicy: null,
    });
  });

  it('records copies of what it is given', () => {
    const CLOCK = token<number>('clock');
    const stages = [Fetch];
    const options = {
      name: 'crawl',
      stages,
      tools: [Service],
      interceptors: [Audit, new Audit()],
      imports: [Service, { module: Service, exports: [CLOCK] }],
      providers: [Service, { provide: CLOCK, useValue: 0 }, { provide: 'x', useFactory: () => null }],
      exports: [CLOCK, Service, 'x', Symbol.for('y'), { module: Service }],
      maxConcurrency: 4,
      failurePolicy: 'continue' as const,
    };
    @PipelineModule(options)
    class Crawl {}
    stages.push(Fetch);
    expect(readOwnMetadata('module', Crawl)).toEqual({ ...options, stages: [Fetch] });
    expect(Object.isFrozen(readOwnMetadata('module', Crawl)?.stages)).toBe(true);
  });

  it('is not inherited: reading asks for the class itself', () => {
    @PipelineModule({ name: 'parent', stages: [Fetch] })
    class Parent {}
    @PipelineModule()
    class Child extends Parent {}
    class Bare extends Parent {}
    expect(readOwnMetadata('module', Child)).toMatchObject({ name: 'Child', stages: [] });
    expect(readOwnMetadata('module', Bare)).toBeUndefined();
    expect(readMetadata('module', Parent)?.name).toBe('parent');
  });

  it.each(['stages', 'tools', 'interceptors', 'imports', 'providers', 'exports'])(
    'explains undefined in %s by a circular import, naming the place',
    (option) => {
      const list = option === 'interceptors' ? [Audit, undefined] : [Fetch, undefined];
      const decorate = () => PipelineModule(untyped({ [option]: list }))(class Crawl {});
      const problem = problemOf('METADATA_OPTION_INVALID', decorate);
      expect(problem.message).toContain(`@PipelineModule on "Crawl" has undefined as entry 2 of ${option}`);
      expect(problem.message).toContain('import each other in a circle');
    },
  );

  it('finds holes in a list, too', () => {
    const decorate = () => PipelineModule({ stages: untyped(new Array(1)) })(class Crawl {});
    expect(problemOf('METADATA_OPTION_INVALID', decorate).message).toContain('entry 1 of stages');
  });

  it.each([
    [{ stages: [Service] }, 'class Service as entry 1 of stages'],
    [{ stages: ['Fetch'] }, '"Fetch" as entry 1 of stages'],
    [{ stages: Fetch }, 'class Fetch as stages'],
    [{ stages: null }, 'null as stages'],
    [{ tools: [{}] }, 'an empty object as entry 1 of tools'],
    [{ interceptors: [Service] }, 'class Service as entry 1 of interceptors'],
    [{ imports: [{ providers: [] }] }, 'an object with providers as entry 1 of imports'],
    [{ imports: [null] }, 'null as entry 1 of imports'],
    [{ providers: ['x'] }, '"x" as entry 1 of providers'],
    [{ providers: [{ useValue: 1 }] }, 'an object with useValue as entry 1 of providers'],
    [{ providers: [() => 1] }, 'a function as entry 1 of providers'],
    [{ exports: [7] }, '7 as entry 1 of exports'],
    [{ name: '' }, 'has the name ""'],
    [{ maxConcurrency: 0 }, 'has maxConcurrency 0'],
    [{ maxConcurrency: 1.5 }, 'has maxConcurrency 1.5'],
    [{ maxConcurrency: Number.POSITIVE_INFINITY }, 'has maxConcurrency Infinity'],
    [{ failurePolicy: 'ignore' }, 'has failurePolicy "ignore"'],
    [{ provider: [] }, 'has no option "provider"'],
    [[], 'was given an array instead of options'],
  ])('refuses %o', (options, text) => {
    class Crawl {}
    const problem = problemOf('METADATA_OPTION_INVALID', () => PipelineModule(untyped(options))(Crawl));
    expect(problem.message).toContain(text);
    expect(readOwnMetadata('module', Crawl)).toBeUndefined();
  });

  it('reports everything at once', () => {
    const decorate = () =>
      PipelineModule(untyped({ stages: [7, undefined], failurePolicy: '', exports: [null] }))(class Crawl {});
    expect(problemsOf(decorate)).toHaveLength(4);
  });

  it('refuses a class without a name, to be applied twice, and what is no class', () => {
    expect(problemOf('METADATA_OPTION_INVALID', () => PipelineModule()(class {})).message).toContain('has the name ""');
    class Twice {}
    PipelineModule()(Twice);
    expect(problemOf('METADATA_OPTION_INVALID', () => PipelineModule()(Twice)).message).toContain('is applied twice');
    const onText = () => PipelineModule()(untyped('Crawl'));
    expect(problemOf('METADATA_OPTION_INVALID', onText).message).toContain('does not stand on a class');
  });
});
