import { describe, expect, it } from 'vitest';
import { DependsOn, Inject, Injectable, PipelineModule, Stage } from '../../../decorators/index.js';
import { AuthContext, OrgContext, PrincipalKind } from '../../../src/auth/index.js';
import { type DynamicModule, type Lazy, lazy, type Provider } from '../../../src/metadata/index.js';
import { RunContext, type StageContext } from '../../../src/stage/index.js';
import { create, failureOf, gate, problemsOf, settle, thrownBy } from './fixtures.js';

@PipelineModule({})
class Root {}
const rootWith = (...providers: Provider[]): DynamicModule => ({ module: Root, providers });
const user = (userId: string) => AuthContext.verified({ kind: PrincipalKind.User, userId });

@Injectable()
class Session {
  constructor(readonly auth: AuthContext) {}
}
@Injectable()
class Repository {
  constructor(readonly session: Session) {}
}
@Injectable()
class Database {}

describe('asking for the caller', () => {
  it('makes everything up to the stage run-scoped, and leaves the rest shared', async () => {
    const seen: Repository[] = [];
    const databases = new Set<Database>();
    @Stage()
    class Load {
      constructor(
        readonly repository: Repository,
        readonly database: Database,
      ) {}
      execute(ctx: StageContext) {
        seen.push(this.repository);
        databases.add(this.database);
        return { user: this.repository.session.auth.userId, same: ctx.auth === this.repository.session.auth };
      }
    }
    @PipelineModule({ stages: [Load], providers: [Session, Repository, Database] })
    class Pipeline {}
    const app = await create(Pipeline);
    const [ann, bob] = await Promise.all(['ann', 'bob'].map((name) => app.run(Pipeline, { auth: user(name) })));
    expect(ann?.of(Load)).toEqual({ user: 'ann', same: true });
    expect(bob?.of(Load)).toEqual({ user: 'bob', same: true });
    expect(new Set(seen).size).toBe(2);
    expect(databases.size).toBe(1);
  });

  it('gives one instance to all stages of a run', async () => {
    const seen = new Set<Session>();
    @Stage()
    class First {
      constructor(readonly session: Session) {}
      execute() {
        seen.add(this.session);
      }
    }
    @Stage()
    @DependsOn(First)
    class Second {
      constructor(
        readonly session: Session,
        readonly repository: Repository,
      ) {}
      execute() {
        seen.add(this.session).add(this.repository.session);
      }
    }
    @PipelineModule({ stages: [First, Second], providers: [Session, Repository] })
    class Pipeline {}
    await (await create(Pipeline)).run(Pipeline);
    expect(seen.size).toBe(1);
  });

  it('works for the organisation and the run as well', async () => {
    @Stage()
    class Who {
      constructor(
        readonly org: OrgContext,
        readonly run: RunContext,
      ) {}
      execute(ctx: StageContext) {
        return { org: this.org.orgId, run: this.run.runId === ctx.runId, signal: this.run.signal.aborted };
      }
    }
    @PipelineModule({ stages: [Who] })
    class Pipeline {}
    const results = await (await create(Pipeline)).run(Pipeline, { org: OrgContext.verified({ orgId: 'acme' }) });
    expect(results.of(Who)).toEqual({ org: 'acme', run: true, signal: false });
  });

  it('bubbles through factories, aliases, transients and lazy references', async () => {
    @Injectable({ scope: 'transient' })
    class Part {
      constructor(readonly session: Session) {}
    }
    @Injectable()
    class Later {
      constructor(@Inject(lazy(() => Session)) readonly session: Lazy<Session>) {}
    }
    @Stage()
    class Load {
      constructor(
        readonly part: Part,
        readonly other: Part,
        readonly later: Later,
        @Inject('alias') readonly alias: { name: string },
      ) {}
      execute() {
        return {
          apart: this.part !== this.other,
          shared: this.part.session === this.other.session && this.later.session.get() === this.part.session,
          name: this.alias.name,
        };
      }
    }
    @PipelineModule({
      stages: [Load],
      providers: [
        Session,
        Part,
        Later,
        { provide: 'alias', useExisting: 'name' },
        { provide: 'name', useFactory: (auth: AuthContext) => ({ name: auth.userId }), inject: [AuthContext] },
      ],
    })
    class Pipeline {}
    const app = await create(Pipeline);
    const results = await app.run(Pipeline, { auth: user('ann') });
    expect(results.of(Load)).toEqual({ apart: true, shared: true, name: 'ann' });
    expect(
      app
        .describe()
        .modules[0]?.providers.map(({ token, scope }) => `${token} ${scope}`)
        .sort(),
    ).toEqual(['Later run', 'Load run', 'Part transient', 'Session run', 'alias run', 'name run']);
  });

  it('lets run-scoped services need each other lazily, and says when that is too early', async () => {
    @Injectable()
    class Author {
      constructor(
        readonly auth: AuthContext,
        @Inject(lazy(() => Book)) readonly book: Lazy<Book>,
        @Inject('hasty') hasty: boolean,
      ) {
        if (hasty) book.get();
      }
    }
    @Injectable()
    class Book {
      constructor(readonly author: Author) {}
    }
    @Stage()
    class Print {
      constructor(readonly author: Author) {}
      execute() {
        return { same: this.author.book.get().author === this.author };
      }
    }
    @PipelineModule({ stages: [Print], providers: [Author, Book, { provide: 'hasty', useValue: false }] })
    class Pipeline {}
    expect((await (await create(Pipeline)).run(Pipeline)).of(Print)).toEqual({ same: true });
    const hasty = await create(Pipeline, { overrides: [{ provide: 'hasty', useValue: true }] });
    const error = await failureOf(hasty.run(Pipeline));
    expect(JSON.stringify(error)).toContain('lazy reference to Book');
  });

  it('cannot be done outside a run', async () => {
    const app = await create(rootWith(Session, Repository));
    expect(thrownBy(() => app.get(Repository))).toMatchObject({
      code: 'DI_OUTSIDE_RUN',
      message: expect.stringContaining('Repository → Session → AuthContext'),
    });
    expect(thrownBy(() => app.get(AuthContext)).code).toBe('DI_OUTSIDE_RUN');
  });
});

describe('a captive singleton', () => {
  it('is refused with the path to what belongs to a run', async () => {
    @Injectable({ scope: 'singleton' })
    class Cache {
      constructor(readonly repository: Repository) {}
    }
    expect(await problemsOf(rootWith(Cache, Session, Repository))).toMatchObject([
      {
        code: 'DI_CAPTIVE_SCOPE',
        message:
          'Cache is declared a singleton, but needs what belongs to one run: Cache → Repository → Session → AuthContext.',
        details: { path: ['Cache', 'Repository', 'Session', 'AuthContext'] },
      },
    ]);
  });

  it('is refused in a provider, through a declared run scope, and behind a lazy reference', async () => {
    @Injectable({ scope: 'run' })
    class PerRun {}
    @Injectable()
    class Holder {
      constructor(@Inject(lazy(() => PerRun)) readonly later: Lazy<PerRun>) {}
    }
    const problems = await problemsOf(
      rootWith(
        PerRun,
        { provide: 'factory', useFactory: () => 1, inject: [PerRun], scope: 'singleton' },
        { provide: Holder, useClass: Holder, scope: 'singleton' },
      ),
    );
    expect(problems.map(({ code, details }) => [code, details.path])).toEqual([
      ['DI_CAPTIVE_SCOPE', ['factory', 'PerRun']],
      ['DI_CAPTIVE_SCOPE', ['Holder', 'PerRun']],
    ]);
  });
});

describe('the scope of a stage', () => {
  it('may be declared: a new instance for each run', async () => {
    const seen = new Set<object>();
    @Injectable({ scope: 'run' })
    @Stage()
    class Fresh {
      execute() {
        seen.add(this);
      }
    }
    @PipelineModule({ stages: [Fresh] })
    class Pipeline {}
    const app = await create(Pipeline);
    await app.run(Pipeline);
    await app.run(Pipeline);
    expect(seen.size).toBe(2);
  });

  it('may be transient and still see the run', async () => {
    const seen = new Set<object>();
    @Injectable({ scope: 'transient' })
    @Stage()
    class Fresh {
      constructor(readonly auth: AuthContext) {}
      execute() {
        seen.add(this);
        return { user: this.auth.userId };
      }
    }
    @PipelineModule({ stages: [Fresh] })
    class Pipeline {}
    const app = await create(Pipeline);
    expect((await app.run(Pipeline, { auth: user('ann') })).of(Fresh)).toEqual({ user: 'ann' });
    expect((await app.run(Pipeline, { auth: user('bob') })).of(Fresh)).toEqual({ user: 'bob' });
    expect(seen.size).toBe(2);
  });
});

describe('a run-scoped factory', () => {
  it('may be asynchronous; what follows waits for it', async () => {
    const opened = gate();
    @Stage()
    class Use {
      constructor(@Inject('connection') readonly connection: { user: string }) {}
      execute() {
        return this.connection;
      }
    }
    @PipelineModule({
      stages: [Use],
      providers: [
        {
          provide: 'connection',
          useFactory: async (auth: AuthContext) => {
            await opened.opened;
            return { user: auth.userId };
          },
          inject: [AuthContext],
        },
      ],
    })
    class Pipeline {}
    const app = await create(Pipeline);
    const run = app.run(Pipeline, { auth: user('ann') });
    await settle();
    opened.open();
    expect((await run).of(Use)).toEqual({ user: 'ann' });
  });

  it('that fails fails the run, with its chain, after what the run had built was disposed', async () => {
    const disposed: string[] = [];
    @Injectable({ scope: 'run' })
    class Opened {
      [Symbol.dispose]() {
        disposed.push('Opened');
      }
    }
    @Stage()
    class Use {
      constructor(
        readonly opened: Opened,
        @Inject('broken') readonly broken: unknown,
      ) {}
      execute() {}
    }
    for (const fail of [() => Promise.reject(new Error('no route')), () => thrower('no route')]) {
      disposed.length = 0;
      @PipelineModule({
        stages: [Use],
        providers: [Opened, { provide: 'broken', useFactory: fail, inject: [Opened] }],
      })
      class Pipeline {}
      const error = await failureOf((await create(Pipeline)).run(Pipeline));
      expect(error).toMatchObject({
        cause: { code: 'DI_CONSTRUCTION_FAILED', message: expect.stringContaining('no route') },
      });
      expect(disposed).toEqual(['Opened']);
    }
  });
});

function thrower(message: string): never {
  throw new Error(message);
}

describe('the instances of a run', () => {
  it('are disposed when it ends, last built first, and leave the shared ones alone', async () => {
    const disposed: string[] = [];
    const disposable = (name: string) =>
      class {
        [Symbol.asyncDispose]() {
          disposed.push(name);
          return Promise.resolve();
        }
      };
    class Pool extends disposable('pool') {}
    @Injectable()
    class Unit extends disposable('unit') {
      constructor(
        readonly auth: AuthContext,
        readonly pool: Pool,
      ) {
        super();
      }
    }
    @Stage()
    class Save extends disposable('stage') {
      constructor(
        readonly unit: Unit,
        @Inject('given') readonly given: Pool,
      ) {
        super();
      }
      execute() {}
    }
    @PipelineModule({
      stages: [Save],
      providers: [
        Pool,
        Unit,
        { provide: 'given', useFactory: (_: AuthContext, pool: Pool) => pool, inject: [AuthContext, Pool] },
      ],
    })
    class Pipeline {}
    const app = await create(Pipeline);
    await app.run(Pipeline);
    expect(disposed).toEqual(['stage', 'unit']);
    await app.run(Pipeline);
    await app.close();
    expect(disposed).toEqual(['stage', 'unit', 'stage', 'unit', 'pool']);
  });

  it('that fail to be disposed are reported with the results, and the rest is disposed', async () => {
    const disposed: string[] = [];
    @Injectable({ scope: 'run' })
    class First {
      [Symbol.dispose]() {
        disposed.push('First');
      }
    }
    @Injectable({ scope: 'run' })
    class Second {
      constructor(readonly first: First) {}
      [Symbol.dispose]() {
        throw new Error('stuck');
      }
    }
    @Stage()
    class Use {
      constructor(readonly second: Second) {}
      execute() {}
    }
    @PipelineModule({ stages: [Use], providers: [First, Second] })
    class Pipeline {}
    const results = await (await create(Pipeline)).run(Pipeline);
    expect(disposed).toEqual(['First']);
    expect(JSON.stringify(results.cleanupFailures)).toContain('DI_DISPOSE_FAILED');
  });
});
