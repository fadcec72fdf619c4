import { describe, expect, it } from 'vitest';
import { Inject, Injectable, PipelineModule, Stage } from '../../../decorators/index.js';
import { type DynamicModule, token } from '../../../src/metadata/index.js';
import { codesOf, create, problemsOf } from './fixtures.js';

class Database {
  readonly id = Math.random();
}

@Injectable()
class Repository {
  constructor(readonly database: Database) {}
}

describe('imports and exports', () => {
  it('give an importer what a module exports, the same instance everywhere', async () => {
    @PipelineModule({ providers: [Database], exports: [Database] })
    class DatabaseModule {}
    @PipelineModule({ imports: [DatabaseModule], providers: [Repository], exports: [Repository] })
    class RepositoryModule {}
    @PipelineModule({ imports: [RepositoryModule, DatabaseModule] })
    class Root {}
    const app = await create(Root);
    expect(app.get(Repository).database).toBe(app.get(Database));
  });

  it('keep to themselves what is not exported, naming both modules and the cure', async () => {
    @PipelineModule({ providers: [Database] })
    class DatabaseModule {}
    @PipelineModule({ imports: [DatabaseModule], providers: [Repository] })
    class Root {}
    const [problem, ...rest] = await problemsOf(Root);
    expect(rest).toEqual([]);
    expect(problem).toMatchObject({
      code: 'DI_NOT_EXPORTED',
      message:
        'Module DatabaseModule provides Database, but does not export it to Root; constructor parameter "database" of Repository asks for it: Root → Repository → Database.',
      fix: 'Add Database to the exports of DatabaseModule.',
      details: { owner: 'DatabaseModule', module: 'Root', chain: ['Root', 'Repository', 'Database'] },
    });
  });

  it('say which module to import if one exports what is missing', async () => {
    @PipelineModule({ providers: [Database], exports: [Database] })
    class DatabaseModule {}
    @PipelineModule({ providers: [Repository] })
    class RepositoryModule {}
    @PipelineModule({ imports: [DatabaseModule, RepositoryModule] })
    class Root {}
    const [problem] = await problemsOf(Root);
    expect(problem).toMatchObject({
      code: 'DI_MISSING_PROVIDER',
      fix: 'Add DatabaseModule to the imports of RepositoryModule.',
    });
  });

  it('pass on what a re-exported module exports, however deep', async () => {
    @PipelineModule({ providers: [Database], exports: [Database] })
    class DatabaseModule {}
    @PipelineModule({ imports: [DatabaseModule], exports: [DatabaseModule] })
    class CoreModule {}
    @PipelineModule({ imports: [CoreModule], exports: [CoreModule] })
    class SharedModule {}
    @PipelineModule({ imports: [SharedModule], exports: [Database] })
    class TokenModule {}
    @PipelineModule({ imports: [TokenModule], providers: [Repository] })
    class Root {}
    expect((await create(Root)).get(Repository).database).toBeInstanceOf(Database);
  });

  it('refuse to export what is neither provided nor imported', async () => {
    const CLOCK = token('Clock');
    @PipelineModule({})
    class Other {}
    @PipelineModule({ exports: [CLOCK, Database, Other] })
    class Root {}
    const problems = await problemsOf(Root);
    expect(problems.map((problem) => problem.code)).toEqual(['DI_BAD_EXPORT', 'DI_BAD_EXPORT', 'DI_BAD_EXPORT']);
    expect(problems[0]).toMatchObject({
      message: 'Module Root exports Clock, which it neither provides nor imports.',
      fix: 'Add it to the providers or imports of Root, or remove it from its exports.',
    });
  });

  it('prefer the own provider of a module to an imported one', async () => {
    @PipelineModule({ providers: [{ provide: 'name', useValue: 'theirs' }], exports: ['name'] })
    class Other {}
    @PipelineModule({ imports: [Other], providers: [{ provide: 'name', useValue: 'mine' }] })
    class Root {}
    expect((await create(Root)).get('name')).toBe('mine');
  });

  it('report a circle of modules as a path, once', async () => {
    @PipelineModule({})
    class A {}
    const circle = { module: A, imports: [] as unknown[] };
    circle.imports.push(circle);
    const problems = await problemsOf(circle as DynamicModule);
    expect(problems).toMatchObject([
      { code: 'DI_MODULE_CYCLE', message: 'Modules import each other in a circle: A → A.' },
    ]);
  });

  it('report a longer circle of modules', async () => {
    @PipelineModule({})
    class A {}
    @PipelineModule({})
    class B {}
    const inner: { module: typeof B; imports: unknown[] } = { module: B, imports: [] };
    const outer = { module: A, imports: [inner] };
    inner.imports.push(outer);
    const [problem] = await problemsOf(outer as DynamicModule);
    expect(problem).toMatchObject({ code: 'DI_MODULE_CYCLE', details: { path: ['A', 'B', 'A'] } });
  });

  it('refuse what is not a module, and what is undefined because files import each other', async () => {
    class Plain {}
    @PipelineModule({})
    class Sub {}
    const root: DynamicModule = { module: Sub, imports: [Plain, undefined as unknown as DynamicModule] };
    const problems = await problemsOf(root);
    expect(problems).toMatchObject([
      { code: 'METADATA_NOT_A_MODULE', message: 'imports[0] of Sub is Plain, which is not a module.' },
      { code: 'METADATA_NOT_A_MODULE', fix: expect.stringContaining('import each other in a circle') },
    ]);
    expect(await codesOf(Plain)).toEqual(['METADATA_NOT_A_MODULE']);
    class Child extends Sub {}
    expect(await codesOf(Child)).toEqual(['METADATA_NOT_A_MODULE']);
  });

  it('are read without a stack however deep modules are nested', async () => {
    @PipelineModule({ providers: [Database], exports: [Database] })
    class Leaf {}
    @PipelineModule({})
    class Link {}
    let deepest: DynamicModule = { module: Link, imports: [Leaf], exports: [Leaf] };
    for (let i = 0; i < 20_000; i++) deepest = { module: Link, imports: [deepest], exports: [deepest] };
    const app = await create({ module: Link, imports: [deepest], providers: [Repository] });
    expect(app.get(Repository).database).toBeInstanceOf(Database);
  });
});

describe('the identity of modules', () => {
  it('is the class: imported twice, it is one module', async () => {
    let built = 0;
    @Injectable()
    class Counted {
      constructor() {
        built += 1;
      }
    }
    @PipelineModule({ providers: [Counted], exports: [Counted] })
    class Shared {}
    @PipelineModule({ imports: [Shared], exports: [Shared] })
    class A {}
    @PipelineModule({ imports: [Shared], exports: [Shared] })
    class B {}
    @PipelineModule({ imports: [A, B, Shared] })
    class Root {}
    await create(Root);
    expect(built).toBe(1);
  });

  it('is the object for dynamic modules, which add to what their class says', async () => {
    const URL_TOKEN = token<string>('url');
    @Injectable()
    class Client {
      constructor(@Inject(URL_TOKEN) readonly url: string) {}
    }
    @PipelineModule({ providers: [Client] })
    class ClientModule {
      static with(url: string, as: symbol): DynamicModule {
        return {
          module: ClientModule,
          providers: [
            { provide: URL_TOKEN, useValue: url },
            { provide: as, useExisting: Client },
          ],
          exports: [as],
        };
      }
    }
    const first = Symbol('first');
    const second = Symbol('second');
    @PipelineModule({ imports: [ClientModule.with('a', first), ClientModule.with('b', second)] })
    class Root {}
    const app = await create(Root);
    expect(app.get(first)).toMatchObject({ url: 'a' });
    expect(app.get(second)).toMatchObject({ url: 'b' });
  });

  it('makes a stage listed in two modules of a pipeline run once', async () => {
    const ran: string[] = [];
    @Stage()
    class Shared {
      execute() {
        ran.push('shared');
        return {};
      }
    }
    @PipelineModule({ stages: [Shared] })
    class Part {}
    @PipelineModule({ stages: [Shared], imports: [Part] })
    class Whole {}
    await (await create(Whole)).run(Whole);
    expect(ran).toEqual(['shared']);
  });
});
