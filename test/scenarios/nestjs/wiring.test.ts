import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AuthContext,
  DefinitionError,
  DependsOn,
  Inject,
  Intercept,
  type Interceptor,
  type Lazy,
  lazy,
  type Next,
  Optional,
  PipelineModule,
  Scope,
  Stage,
  type StageContext,
  Injectable as StageflowInjectable,
} from 'stageflow';
import { getPipelineToken, type NestPipeline, StageflowModule } from 'stageflow/nestjs';
import { afterEach, expect, it } from 'vitest';

let app: INestApplicationContext | undefined;
afterEach(() => app?.close());

async function start(pipeline: new () => object): Promise<NestPipeline> {
  @Module({ imports: [StageflowModule.forRoot({ trustedCallers: true }), StageflowModule.forFeature([pipeline])] })
  class App {}
  app = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
  return app.get<NestPipeline>(getPipelineToken(pipeline), { strict: false });
}

function problemsOf(pipeline: new () => object) {
  try {
    StageflowModule.forFeature([pipeline]);
  } catch (error) {
    if (error instanceof DefinitionError) return error.problems.map(({ code, message }) => ({ code, message }));
    throw error;
  }
  return [];
}

/** A type that is nothing at run time. */
type Clock = () => number;

it('gives constructors what they ask for, in whatever form', async () => {
  @StageflowInjectable()
  class Store {
    readonly name = 'store';
  }
  @Stage()
  class Read {
    constructor(
      readonly store: Store,
      @Inject(lazy(() => Late)) readonly late: Lazy<Late>,
      @Optional() @Inject('nobody') readonly missing: string | undefined,
      @Optional() @Inject('limit') readonly limit: number | undefined,
      readonly clock: Clock = () => 7,
    ) {}
    execute() {
      return { given: [this.store.name, this.late.get().name, this.missing, this.limit, this.clock()] };
    }
  }
  @StageflowInjectable()
  class Late {
    readonly name = 'late';
  }
  @PipelineModule({ stages: [Read], providers: [Store, Late, { provide: 'limit', useFactory: () => 3 }] })
  class Reading {}

  const pipeline = await start(Reading);
  expect((await pipeline.run()).of(Read).given).toEqual(['store', 'late', undefined, 3, 7]);
});

it('builds a transient stage once for all runs', async () => {
  let built = 0;
  @StageflowInjectable({ scope: Scope.Transient })
  @Stage()
  class Count {
    readonly number = ++built;
    execute() {
      return { number: this.number };
    }
  }
  @PipelineModule({ stages: [Count] })
  class Counting {}

  const pipeline = await start(Counting);
  const [first, second] = [await pipeline.run(), await pipeline.run()];
  expect([first.of(Count).number, second.of(Count).number]).toEqual([built, built]);
});

it('reports all that is wrong at once, interceptors that no module lists included', () => {
  class Timed implements Interceptor {
    constructor(readonly clock: Clock) {}
    intercept(_ctx: StageContext, next: Next) {
      return next();
    }
  }
  @Stage()
  class Early {
    execute() {}
  }
  @DependsOn(Early)
  @Intercept(Timed)
  @Stage()
  class Work {
    execute() {}
  }
  @PipelineModule({ stages: [Work, Work] })
  class Working {}

  expect(problemsOf(Working)).toEqual([
    { code: 'DI_DUPLICATE_PROVIDER', message: 'Module Working lists Work twice in its stages.' },
    { code: 'GRAPH_MISSING_DEPENDENCY', message: expect.stringContaining('"Early"') },
    { code: 'METADATA_MISSING', message: expect.stringContaining('The constructor of "Timed" carries no types') },
  ]);
});

it('starts no application in which an interceptor would keep the caller of one run', async () => {
  @StageflowInjectable()
  class Greet implements Interceptor {
    constructor(readonly auth: AuthContext) {}
    intercept(_ctx: StageContext, next: Next) {
      return next();
    }
  }
  @Intercept(Greet)
  @Stage()
  class Work {
    execute() {}
  }
  @PipelineModule({ stages: [Work] })
  class Working {}

  await expect(start(Working)).rejects.toMatchObject({
    code: 'DI_CAPTIVE_SCOPE',
    details: { path: expect.arrayContaining(['Greet', 'AuthContext']) },
  });
});
