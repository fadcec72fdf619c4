import {
  type INestApplication,
  Injectable,
  Module,
  Inject as NestInject,
  Optional as NestOptional,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  type AccessPolicy,
  type AccessRequest,
  AuthContext,
  Inject,
  type Interceptor,
  type Next,
  PipelineModule,
  RequirePolicy,
  RequireRoles,
  Stage,
  type StageContext,
  Injectable as StageflowInjectable,
  Tool,
} from 'stageflow';
import { getPipelineToken, InjectPipeline, type NestPipeline, StageflowModule } from 'stageflow/nestjs';
import { injectable } from 'tsyringe';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CrawlPipeline, FETCHER, Fetch, Sign, Upper, Visits } from './crawl-app.js';

let app: INestApplication | undefined;
afterEach(() => app?.close());

@Module({ imports: [StageflowModule.forRoot({ trustedCallers: true }), StageflowModule.forFeature([CrawlPipeline])] })
class AppModule {}

type Builder = ReturnType<typeof Test.createTestingModule>;

async function pipelineOf(module: new () => object, pipeline: new () => object, change = (b: Builder) => b) {
  const compiled = await change(Test.createTestingModule({ imports: [module] })).compile();
  app = compiled.createNestApplication({ logger: false });
  await app.init();
  return app.get<NestPipeline>(getPipelineToken(pipeline), { strict: false });
}

const ann = { auth: AuthContext.verified({ userId: 'ann' }), inputText: 'x' };

describe("what Nest's own overrides replace", () => {
  it('is used for a service of a stage', async () => {
    const pipeline = await pipelineOf(AppModule, CrawlPipeline, (builder) =>
      builder.overrideProvider(FETCHER).useValue({ get: () => 'from the test' }),
    );
    expect((await pipeline.run(ann)).of(Fetch)).toEqual({ html: 'from the test' });
  });

  it('is used for a stage, which keeps its place', async () => {
    const pipeline = await pipelineOf(AppModule, CrawlPipeline, (builder) =>
      builder.overrideProvider(Fetch).useValue({ execute: () => ({ html: 'a stage of the test' }) }),
    );
    expect((await pipeline.run(ann)).of(Sign)).toMatchObject({ html: 'a stage of the test', by: 'ann' });
  });

  it('is used for an interceptor', async () => {
    const seen: string[] = [];
    const noting: Interceptor = {
      intercept(ctx: StageContext, next: Next) {
        seen.push(ctx.stage.name);
        return next();
      },
    };
    const pipeline = await pipelineOf(AppModule, CrawlPipeline, (builder) =>
      builder.overrideProvider(Upper).useValue(noting),
    );
    await pipeline.run(ann);
    expect(seen).toEqual(['Sign']);
  });

  it('is used for what belongs to one run, and for the caller', async () => {
    const bob = AuthContext.verified({ userId: 'bob' });
    const pipeline = await pipelineOf(AppModule, CrawlPipeline, (builder) =>
      builder.overrideProvider(AuthContext).useValue(bob),
    );
    expect((await pipeline.run(ann)).of(Sign)).toMatchObject({ by: 'bob' });
  });

  it('is used for a whole pipeline', async () => {
    const pipeline = await pipelineOf(AppModule, CrawlPipeline, (builder) =>
      builder.overrideProvider(getPipelineToken(CrawlPipeline)).useValue({ run: async () => 'the test itself' }),
    );
    expect(await pipeline.run()).toBe('the test itself');
  });
});

describe('the compiled plan and what Nest resolves', () => {
  /** What Nest alone can build: a factory of its own that belongs to a request. */
  @Module({
    imports: [
      StageflowModule.forRoot({ trustedCallers: true }),
      StageflowModule.forFeature([
        {
          pipeline: CrawlPipeline,
          providers: [{ provide: Visits, useFactory: (auth: AuthContext) => new Visits(auth), inject: [AuthContext] }],
        },
      ]),
    ],
  })
  class SlowModule {}

  it('give the same results, and dispose the same', async () => {
    const results: unknown[] = [];
    for (const module of [AppModule, SlowModule]) {
      const pipeline = await pipelineOf(module, CrawlPipeline);
      Visits.disposed = 0;
      const runs = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          pipeline.run({ inputText: `${index}`, auth: AuthContext.verified({ userId: `user-${index}` }) }),
        ),
      );
      results.push([pipeline.slowBecause === null, runs.map((run) => run.outputs), Visits.disposed]);
      await app?.close();
    }
    const [fast, slow] = results as [unknown[], unknown[]];
    expect([fast[0], slow[0]]).toEqual([true, false]);
    expect(slow.slice(1)).toEqual(fast.slice(1));
  });

  it('says once and for all that something optional is not there', async () => {
    @Injectable()
    class Hints {
      constructor(
        readonly auth: AuthContext,
        @NestOptional() @NestInject('hints') readonly hints?: string,
      ) {}
    }
    @Module({
      imports: [
        StageflowModule.forRoot({ trustedCallers: true }),
        StageflowModule.forFeature([{ pipeline: CrawlPipeline, providers: [{ provide: Visits, useClass: Hints }] }]),
      ],
    })
    class HintsModule {}

    const pipeline = await pipelineOf(HintsModule, CrawlPipeline);
    expect((await pipeline.run(ann)).of(Sign).same).toBe(true);
    expect(pipeline.slowBecause).toBe('Visits asks for something optional that nobody provides');
  });
});

describe('classes that were written for any of the containers', () => {
  @Injectable()
  class ForNest {
    readonly name = 'nest';
  }
  @injectable()
  class ForTsyringe {
    readonly name = 'tsyringe';
  }
  @StageflowInjectable()
  class ForStageflow {
    constructor(
      readonly nest: ForNest,
      readonly tsyringe: ForTsyringe,
    ) {}
  }
  const GREETING = 'greeting';

  @Tool({ name: 'greet', description: 'Greets.', input: z.object({ who: z.string() }), effect: 'read' })
  class Greet {
    constructor(@Inject(GREETING) private readonly greeting: string) {}
    execute({ who }: { who: string }) {
      return `${this.greeting} ${who}`;
    }
  }
  @Stage()
  class Use {
    constructor(readonly services: ForStageflow) {}
    async execute(ctx: StageContext) {
      const { nest, tsyringe } = this.services;
      const greeted = await ctx.tools.call(Greet, { who: 'you' });
      return { names: [nest.name, tsyringe.name], greeted };
    }
  }
  @PipelineModule({
    stages: [Use],
    tools: [Greet],
    providers: [ForNest, ForTsyringe, ForStageflow, { provide: GREETING, useValue: 'hello' }],
  })
  class Mixed {}
  @Module({ imports: [StageflowModule.forRoot(), StageflowModule.forFeature([Mixed])] })
  class MixedApp {}

  it('are built by Nest, tools among them', async () => {
    const pipeline = await pipelineOf(MixedApp, Mixed);
    expect((await pipeline.run()).of(Use)).toEqual({ names: ['nest', 'tsyringe'], greeted: 'hello you' });
  });

  it('are asked by access policies that Nest builds, and keep the rules of their module', async () => {
    @Injectable()
    class Friends {
      readonly names = ['ann'];
    }
    @StageflowInjectable()
    class OnlyFriends implements AccessPolicy {
      constructor(private readonly friends: Friends) {}
      decide({ auth }: AccessRequest) {
        return this.friends.names.includes(auth.userId ?? '');
      }
    }
    @RequirePolicy(OnlyFriends)
    @Tool({ name: 'wave', description: 'Waves.', input: z.object({}), effect: 'read' })
    class Wave {
      execute() {
        return 'waved';
      }
    }
    @RequireRoles('member')
    @PipelineModule({ tools: [Wave], providers: [Friends] })
    class Waving {}
    @Stage()
    class Meet {
      async execute(ctx: StageContext) {
        return { status: (await ctx.tools.invoke({ id: 'w', name: 'wave', arguments: {} })).status };
      }
    }
    @PipelineModule({ stages: [Meet], imports: [Waving] })
    class Meeting {}
    @Module({ imports: [StageflowModule.forRoot({ trustedCallers: true }), StageflowModule.forFeature([Meeting])] })
    class MeetingApp {}

    const pipeline = await pipelineOf(MeetingApp, Meeting);
    const metBy = async (userId: string, ...roles: string[]) =>
      (await pipeline.run({ auth: AuthContext.verified({ userId, roles }) })).of(Meet).status;
    expect(await metBy('ann', 'member')).toBe('completed');
    expect(await metBy('eve', 'member')).toBe('denied');
    expect(await metBy('ann')).toBe('denied');
  });

  it('may be injected a pipeline by its module', async () => {
    @Injectable()
    class Worker {
      constructor(@InjectPipeline(Mixed) readonly pipeline: NestPipeline) {}
    }
    @Module({ imports: [MixedApp, StageflowModule.forFeature([Mixed])], providers: [Worker] })
    class WorkerApp {}
    await pipelineOf(WorkerApp, Mixed);
    const worker = app?.get(Worker) as Worker;
    expect((await worker.pipeline.run()).of(Use).greeted).toBe('hello you');
  });
});
