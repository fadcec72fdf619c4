import { type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuthContext, PipelineModule, type RunResults, Stage, type StageContext, SubPipeline } from 'stageflow';
import { getPipelineToken, type NestPipeline, StageflowModule } from 'stageflow/nestjs';
import { afterEach, describe, expect, it } from 'vitest';
import { CrawlPipeline, Sign, Visits } from './crawl-app.js';

@Stage()
@SubPipeline(CrawlPipeline, { inherit: ['inputText'] })
class CrawlFirst {
  execute(_ctx: StageContext, results: RunResults): { html: string; by: string | null } {
    return results.of(Sign);
  }
}

@Stage()
class CrawlMany {
  constructor(private readonly auth: AuthContext) {}

  async execute(ctx: StageContext): Promise<{ pages: string[]; who: string | null }> {
    const runs = await Promise.all(['a', 'b'].map((inputText) => ctx.spawn(CrawlPipeline, { inputText })));
    return { pages: runs.map((results) => results.of(Sign).html), who: this.auth.userId };
  }
}

@PipelineModule({ name: 'site', stages: [CrawlFirst, CrawlMany] })
class SitePipeline {}

class Unlisted {}

@Stage()
class Lost {
  async execute(ctx: StageContext): Promise<void> {
    await ctx.spawn(Unlisted);
  }
}
@PipelineModule({ name: 'lost', stages: [Lost] })
class LostPipeline {}

@Module({
  imports: [
    StageflowModule.forRoot({ trustedCallers: true }),
    StageflowModule.forFeature([SitePipeline, CrawlPipeline, LostPipeline]),
  ],
})
class AppModule {}

describe('a stage of a Nest application', () => {
  let app: INestApplication | undefined;
  afterEach(() => app?.close());

  async function pipelineOf(pipeline: new () => object): Promise<NestPipeline> {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication({ logger: false });
    await app.init();
    return app.get<NestPipeline>(getPipelineToken(pipeline), { strict: false });
  }
  const ann = { auth: AuthContext.verified({ userId: 'ann' }), inputText: 'home' };

  it('starts runs of other pipelines of the application, which are for the same caller', async () => {
    Visits.disposed = 0;
    const results = await (await pipelineOf(SitePipeline)).run(ann);
    expect(results.of(CrawlFirst)).toMatchObject({ by: 'ann', same: true, html: '<b>home</b>' });
    expect(results.of(CrawlMany)).toEqual({ pages: ['<b>a</b>', '<b>b</b>'], who: 'ann' });
    expect(Visits.disposed).toBe(3);
  });

  it('is told which pipelines there are, if it asks for another', async () => {
    const outcome = await (await pipelineOf(LostPipeline)).start(ann).result;
    expect(outcome).toMatchObject({
      status: 'failed',
      error: {
        cause: { code: 'REGISTRY_UNKNOWN', details: { known: ['SitePipeline', 'CrawlPipeline', 'LostPipeline'] } },
      },
    });
  });
});
