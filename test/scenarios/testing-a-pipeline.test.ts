import { DependsOn, Injectable, PipelineModule, Stage, type StageContext, StageOutput } from 'stageflow';
import { Test } from 'stageflow/testing';
import { expect, it } from 'vitest';

@Injectable()
class Http {
  async get(_url: string): Promise<string> {
    throw new Error('Tests have no network.');
  }
}

@Stage()
class Fetch {
  constructor(private readonly http: Http) {}

  async execute(ctx: StageContext) {
    return { html: await this.http.get(String(ctx.snapshot.inputText)) };
  }
}

@Stage()
@DependsOn(Fetch)
class Title {
  execute(ctx: StageContext<typeof Fetch>) {
    const title = /<title>(.*)<\/title>/.exec(ctx.inputs.of(Fetch).html)?.[1];
    return title === undefined ? StageOutput.skip('no title') : StageOutput.ok({ title });
  }
}

@PipelineModule({ stages: [Fetch, Title], providers: [Http] })
class Crawl {}

it('one stage alone, with what its dependency hands on', async () => {
  const title = Test.createStage(Title);
  expect((await title.given(Fetch, { html: '<title>Tea</title>' }).run()).data).toEqual({ title: 'Tea' });
  expect(await title.given(Fetch, { html: '' }).run()).toMatchObject({ status: 'skip', reason: 'no title' });
});

it('a whole pipeline, with a service replaced', async () => {
  await using t = await Test.createPipeline(Crawl)
    .overrideProvider(Http)
    .useValue({ get: async () => '<title>Tea</title>' })
    .compile();
  expect((await t.run({ inputText: 'https://example.org' })).of(Title)).toEqual({ title: 'Tea' });
  expect(t.events.at(-1)?.type).toBe('pipeline.completed');
});

it('a whole pipeline, with a stage replaced', async () => {
  await using t = await Test.createPipeline(Crawl)
    .overrideStage(Fetch)
    .output({ html: '<title>Tea</title>' })
    .compile();
  expect((await t.run()).of(Title)).toEqual({ title: 'Tea' });
});

it('an override that replaces nothing is an error, before anything runs: DI_UNUSED_OVERRIDE', async () => {
  class Unused {}
  const compiling = Test.createPipeline(Crawl).overrideProvider(Unused).useValue({}).compile();
  await expect(compiling).rejects.toMatchObject({ code: 'DI_UNUSED_OVERRIDE' });
});
