import { describe, expect, it } from 'vitest';
import { DependsOn, Inject, Injectable, Intercept, PipelineModule, Stage } from '../../../decorators/index.js';
import { AuthContext, PrincipalKind } from '../../../src/auth/index.js';
import type { CustomProvider } from '../../../src/metadata/index.js';
import type { Interceptor, Next, StageContext } from '../../../src/stage/index.js';
import { create, problemsOf } from './fixtures.js';

const built: string[] = [];
@Injectable()
class HttpClient {
  constructor() {
    built.push('HttpClient');
  }
  get(): string {
    return 'real';
  }
}
@Injectable()
class Tag implements Interceptor {
  intercept(_: StageContext, next: Next) {
    return next();
  }
}
@Stage({ name: 'fetch', timeoutMs: 500 })
@Intercept(Tag)
class Fetch {
  constructor(readonly http: HttpClient) {}
  execute() {
    return { body: this.http.get() };
  }
}
@Stage()
@DependsOn(Fetch)
class Parse {
  constructor(readonly http: HttpClient) {}
  execute(ctx: StageContext<typeof Fetch>) {
    return { parsed: `${ctx.inputs.of(Fetch).body}/${this.http.get()}` };
  }
}
@PipelineModule({ stages: [Fetch], providers: [HttpClient] })
class FetchModule {}
@PipelineModule({ stages: [Parse], providers: [HttpClient], imports: [FetchModule] })
class Crawl {}

const parsed = async (overrides: readonly CustomProvider[]) => {
  const app = await create(Crawl, { overrides });
  return (await app.run(Crawl)).of(Parse).parsed;
};

describe('an override', () => {
  it('replaces a token in every module, before the real thing is built', async () => {
    built.length = 0;
    expect(await parsed([{ provide: HttpClient, useValue: { get: () => 'fake' } }])).toBe('fake/fake');
    expect(built).toEqual([]);
  });

  it('takes each of the four forms', async () => {
    @Injectable()
    class Fake {
      get = () => 'class';
    }
    expect(await parsed([{ provide: HttpClient, useClass: Fake as never }])).toBe('class/class');
    expect(await parsed([{ provide: HttpClient, useFactory: async () => ({ get: () => 'made' }) as never }])).toBe(
      'made/made',
    );
    @PipelineModule({ imports: [Crawl], providers: [{ provide: 'x', useValue: 1 }, HttpClient] })
    class Root {}
    const app = await create(Root, { overrides: [{ provide: 'x', useExisting: HttpClient }] });
    expect(app.get('x')).toBe(app.get(HttpClient));
  });

  it('may be falsy', async () => {
    @PipelineModule({ providers: [{ provide: 'limit', useValue: 5 }] })
    class Root {}
    expect((await create(Root, { overrides: [{ provide: 'limit', useValue: null }] })).get('limit')).toBeNull();
  });

  it('replaces a stage by an object, keeping what the class says about it', async () => {
    const app = await create(Crawl, {
      overrides: [{ provide: Fetch, useValue: { execute: () => ({ body: 'canned' }) } as never }],
    });
    const results = await app.run(Crawl);
    expect(results.of(Parse).parsed).toBe('canned/real');
    expect(app.describe().pipelines[0]?.stages.find((stage) => stage.stage === 'fetch')).toMatchObject({
      timeoutMs: 500,
      interceptors: [{ interceptor: 'Tag', band: 'application' }],
    });
  });

  it('replaces a stage by a class that asks for the caller', async () => {
    @Injectable()
    class AsCaller {
      constructor(readonly auth: AuthContext) {}
      execute() {
        return { body: this.auth.userId };
      }
    }
    const app = await create(Crawl, { overrides: [{ provide: Fetch, useClass: AsCaller as never }] });
    const auth = AuthContext.verified({ kind: PrincipalKind.User, userId: 'ann' });
    expect((await app.run(Crawl, { auth })).of(Parse).parsed).toBe('ann/real');
  });

  it('replaces an interceptor class', async () => {
    const seen: string[] = [];
    const spy: Interceptor = {
      intercept: (ctx, next) => {
        seen.push(ctx.stage.name);
        return next();
      },
    };
    await (await create(Crawl, { overrides: [{ provide: Tag, useValue: spy as never }] })).run(Crawl);
    expect(seen).toEqual(['fetch']);
  });

  it('of a stage must be able to run', async () => {
    expect(await problemsOf(Crawl, { overrides: [{ provide: Fetch, useValue: {} as never }] })).toMatchObject([
      { code: 'DI_INVALID_PROVIDER', message: expect.stringContaining('without execute(ctx)') },
    ]);
    const late = create(Crawl, { overrides: [{ provide: Fetch, useFactory: () => ({}) as never }] });
    await expect(late).rejects.toMatchObject({ code: 'DI_INVALID_PROVIDER' });
    const interceptor = create(Crawl, { overrides: [{ provide: Tag, useValue: {} as never }] });
    await expect(interceptor).rejects.toMatchObject({ code: 'DI_INVALID_PROVIDER' });
  });

  it('that replaces nothing is a problem, with what was probably meant', async () => {
    class HttpClientt {}
    const unrelated = Symbol('unrelated');
    const namesake = { HttpClient: class HttpClient {} }.HttpClient;
    const problems = await problemsOf(Crawl, {
      overrides: [
        { provide: HttpClientt, useValue: {} },
        { provide: unrelated, useValue: 1 },
        { provide: namesake, useValue: {} },
        { provide: AuthContext, useValue: AuthContext.anonymous },
      ],
    });
    expect(problems.map(({ code, fix }) => [code, fix])).toEqual([
      ['DI_UNUSED_OVERRIDE', 'Did you mean HttpClient?'],
      ['DI_UNUSED_OVERRIDE', 'Remove it, or override what is provided.'],
      ['DI_UNUSED_OVERRIDE', 'Import the same token that the module provides.'],
      ['DI_UNUSED_OVERRIDE', 'Remove it; pass the caller to the run instead: run(Pipeline, { auth, org }).'],
    ]);
  });

  it('is refused twice for one token, and if it is no provider', async () => {
    const problems = await problemsOf(Crawl, {
      overrides: [
        { provide: HttpClient, useValue: { get: () => '1' } },
        { provide: HttpClient, useValue: { get: () => '2' } },
        HttpClient as never,
      ],
    });
    expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'DI_DUPLICATE_PROVIDER HttpClient is overridden twice.',
      'DI_INVALID_PROVIDER overrides[2] is HttpClient, which is not a provider.',
    ]);
  });

  it('does not stay for the next application', async () => {
    await parsed([{ provide: HttpClient, useValue: { get: () => 'fake' } }]);
    expect(await parsed([])).toBe('real/real');
  });

  it('has its own dependencies looked up in the module it lands in', async () => {
    @Injectable()
    class Echo {
      constructor(@Inject('reply') readonly reply: string) {}
      get() {
        return this.reply;
      }
    }
    const overrides = [{ provide: HttpClient, useClass: Echo as never }];
    expect((await problemsOf(Crawl, { overrides })).map((problem) => problem.details.module)).toEqual([
      'FetchModule',
      'Crawl',
    ]);
  });
});
