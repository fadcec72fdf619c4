import { describe, expect, it } from 'vitest';
import { Inject, Injectable, PipelineModule, Stage } from '../../../decorators/index.js';
import { AuthContext } from '../../../src/auth/index.js';
import { type DynamicModule, type Lazy, lazy, type Provider, token } from '../../../src/metadata/index.js';
import { codesOf, create, problemsOf } from './fixtures.js';

@PipelineModule({})
class Root {}
const rootWith = (...providers: Provider[]): DynamicModule => ({ module: Root, providers });

describe('a missing provider', () => {
  it('is named with the chain that needs it, from the pipeline on', async () => {
    class Connection {}
    @Injectable()
    class Store {
      constructor(readonly connection: Connection) {}
    }
    @Stage()
    class Save {
      constructor(readonly store: Store) {}
      execute() {}
    }
    @PipelineModule({ stages: [Save], providers: [Store] })
    class Archive {}
    expect(await problemsOf(Archive)).toMatchObject([
      {
        code: 'DI_MISSING_PROVIDER',
        message:
          'Nobody provides Connection; constructor parameter "connection" of Store asks for it: Archive → Save → Store → Connection.',
        fix: 'Add Connection to the providers of Archive, or import a module that exports it.',
        details: { chain: ['Archive', 'Save', 'Store', 'Connection'] },
      },
    ]);
  });

  it('is reported once however many ask for it', async () => {
    const CACHE = token('Cache');
    const askers = Array.from({ length: 5 }, (_, i) => ({ provide: `a${i}`, useFactory: () => i, inject: [CACHE] }));
    const problems = await problemsOf(rootWith(...askers));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('4 more ask for it');
  });

  it('is a class of ours that nobody lists, even if it could be built', async () => {
    @Injectable()
    class Forgotten {}
    @Injectable()
    class Service {
      constructor(readonly forgotten: Forgotten) {}
    }
    expect(await codesOf(rootWith(Service))).toEqual(['DI_MISSING_PROVIDER']);
  });

  it('is an undecorated class, which may be abstract', async () => {
    abstract class Port {
      abstract send(): void;
    }
    @Injectable()
    class Service {
      constructor(readonly port: Port) {}
    }
    expect(await codesOf(rootWith(Service))).toEqual(['DI_MISSING_PROVIDER']);
  });

  it('shows the ends of a chain that is very long', async () => {
    const links = Array.from({ length: 1_000 }, (_, i) => ({
      provide: `link${i}`,
      useFactory: () => i,
      inject: [`link${i + 1}`],
    }));
    @Stage()
    class First {
      constructor(@Inject('link0') readonly link: number) {}
      execute() {}
    }
    @PipelineModule({ stages: [First], providers: links })
    class Long {}
    const [problem] = await problemsOf(Long);
    expect(problem?.message).toContain('Long → First → link0');
    expect(problem?.message).toContain('more … → ');
    expect(problem?.message.length).toBeLessThan(500);
    expect(problem?.details.chain).toHaveLength(1_003);
  });
});

describe('providers that need each other', () => {
  it('are reported as the full path of the cycle (067)', async () => {
    const problems = await problemsOf(
      rootWith(
        { provide: 'a', useFactory: () => 1, inject: ['b'] },
        { provide: 'b', useFactory: () => 1, inject: ['c'] },
        { provide: 'c', useExisting: 'a' },
      ),
    );
    expect(problems).toMatchObject([
      { code: 'DI_CYCLE', message: 'Providers need each other in a circle: a → b → c → a.' },
    ]);
    expect(JSON.parse(JSON.stringify(problems))[0].details.path).toEqual(['a', 'b', 'c', 'a']);
  });

  it('may be one provider', async () => {
    const problems = await problemsOf(rootWith({ provide: 'a', useExisting: 'a' }));
    expect(problems).toMatchObject([{ code: 'DI_CYCLE', details: { path: ['a', 'a'] } }]);
  });

  it('are reported cycle by cycle', async () => {
    const pair = (a: string, b: string): Provider[] => [
      { provide: a, useFactory: () => 1, inject: [b] },
      { provide: b, useFactory: () => 1, inject: [a] },
    ];
    expect(await codesOf(rootWith(...pair('a', 'b'), ...pair('c', 'd')))).toEqual(['DI_CYCLE', 'DI_CYCLE']);
  });
});

describe('a chain of providers', () => {
  it('is planned and built without a stack, 20,000 deep', async () => {
    const depth = 20_000;
    const links: Provider[] = Array.from({ length: depth }, (_, i) => ({
      provide: `link${i}`,
      useFactory: (below: number) => below + 1,
      inject: [`link${i + 1}`],
    }));
    const app = await create(rootWith(...links, { provide: `link${depth}`, useValue: 0 }));
    expect(app.get('link0')).toBe(depth);
  });

  it('is followed through aliases without a stack', async () => {
    const links: Provider[] = Array.from({ length: 20_000 }, (_, i) => ({
      provide: `name${i}`,
      useExisting: `name${i + 1}`,
    }));
    const app = await create(rootWith(...links, { provide: 'name20000', useValue: 'end' }));
    expect(app.get('name0')).toBe('end');
  });
});

describe('everything that is wrong', () => {
  it('is reported together, before any constructor or factory runs', async () => {
    const ran: string[] = [];
    class Missing {}
    @Injectable()
    class Store {
      constructor(readonly missing: Missing) {
        ran.push('Store');
      }
    }
    @Injectable({ scope: 'singleton' })
    class Captive {
      constructor(readonly auth: AuthContext) {
        ran.push('Captive');
      }
    }
    @Stage()
    class Save {
      constructor(
        readonly store: Store,
        readonly captive: Captive,
      ) {
        ran.push('Save');
      }
      execute() {}
    }
    class NoStage {
      execute() {}
    }
    @PipelineModule({ providers: [{ provide: 'secret', useValue: 1 }] })
    class Hidden {}
    @PipelineModule({
      stages: [Save, NoStage],
      imports: [Hidden],
      providers: [
        Store,
        Captive,
        { provide: 'twice', useValue: 1 },
        { provide: 'twice', useValue: 2 },
        { provide: 'a', useFactory: () => ran.push('a'), inject: ['b'] },
        { provide: 'b', useFactory: () => ran.push('b'), inject: ['a'] },
        { provide: 'reader', useFactory: () => ran.push('reader'), inject: ['secret'] },
      ],
      exports: ['nothing'],
    })
    class Broken {}
    const codes = await codesOf(Broken, { overrides: [{ provide: 'nobody', useValue: 1 }] });
    expect([...codes].sort()).toEqual([
      'DI_BAD_EXPORT',
      'DI_CAPTIVE_SCOPE',
      'DI_CYCLE',
      'DI_DUPLICATE_PROVIDER',
      'DI_MISSING_PROVIDER',
      'DI_NOT_EXPORTED',
      'DI_UNUSED_OVERRIDE',
      'METADATA_NOT_A_STAGE',
    ]);
    expect(ran).toEqual([]);
  });
});

describe('a lazy reference', () => {
  it('lets two services need each other', async () => {
    @Injectable()
    class Author {
      constructor(@Inject(lazy(() => Book)) readonly book: Lazy<Book>) {}
    }
    @Injectable()
    class Book {
      constructor(readonly author: Author) {}
    }
    const app = await create(rootWith(Author, Book));
    expect(app.get(Author).book.get()).toBe(app.get(Book));
    expect(app.get(Book).author).toBe(app.get(Author));
  });

  it('says so if it is read before its target is built', async () => {
    @Injectable()
    class Hasty {
      constructor(@Inject(lazy(() => Slow)) slow: Lazy<Slow>) {
        slow.get();
      }
    }
    @Injectable()
    class Slow {
      constructor(readonly hasty: Hasty) {}
    }
    await expect(create(rootWith(Hasty, Slow))).rejects.toMatchObject({
      code: 'DI_CONSTRUCTION_FAILED',
      cause: { code: 'DI_LAZY_TOO_EARLY', message: expect.stringContaining('lazy reference to Slow') },
    });
  });

  it('makes a transient once, when it is first read', async () => {
    let made = 0;
    @Injectable({ scope: 'transient' })
    class Part {
      constructor() {
        made += 1;
      }
    }
    @Injectable()
    class Whole {
      constructor(@Inject(lazy(() => Part)) readonly part: Lazy<Part>) {}
    }
    const app = await create(rootWith(Part, Whole));
    expect(made).toBe(0);
    expect(app.get(Whole).part.get()).toBe(app.get(Whole).part.get());
    expect(made).toBe(1);
  });

  it('does not hand a half-built dependency to a transient that is made too early', async () => {
    @Injectable()
    class Whole {
      constructor(@Inject(lazy(() => Part)) part: Lazy<Part>) {
        part.get();
      }
    }
    @Injectable({ scope: 'transient' })
    class Part {
      constructor(readonly whole: Whole) {}
    }
    const failed = create(rootWith(Part, Whole));
    await expect(failed).rejects.toMatchObject({ cause: { code: 'DI_LAZY_TOO_EARLY' } });
  });

  it('must name something', async () => {
    @Injectable()
    class Holder {
      constructor(@Inject(lazy(() => undefined as never)) readonly nothing: Lazy<object>) {}
    }
    expect(await codesOf(rootWith(Holder))).toEqual(['METADATA_ERASED']);
  });
});
