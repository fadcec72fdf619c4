import {
  MaskingRules,
  MemoryArtifactStore,
  MemorySink,
  PipelineModule,
  Stage,
  type StageContext,
  Stageflow,
  StageflowError,
} from 'stageflow';
import { expect, it } from 'vitest';

@Stage()
class Render {
  async execute(ctx: StageContext) {
    ctx.emit('rendering', { motto: 'hush hush', note: 'a page' });
    return { page: await ctx.artifacts.put('page.html', '<b>Tea</b>'), body: 'x'.repeat(500) };
  }
}
@PipelineModule({ stages: [Render] })
class Rendering {}

it('an application says for all its pipelines where artifacts go and what is secret', async () => {
  const sink = new MemorySink();
  await using app = await Stageflow.create(Rendering, {
    sinks: [sink],
    artifacts: { store: new MemoryArtifactStore(), thresholdBytes: 100 },
    masking: new MaskingRules({ names: ['motto'] }),
  });
  const results = await app.run(Rendering);
  expect(results.artifacts.map(({ name }) => name)).toEqual(['page.html', 'body']);
  expect(sink.ofType('artifact.stored').map(({ artifact }) => artifact.name)).toEqual(['page.html', 'body']);
  expect(sink.ofType('custom')[0]?.data).toEqual({ motto: '[masked]', note: 'a page' });
});

it('refuses options that cannot be, before anything is built', async () => {
  const store = new MemoryArtifactStore();
  const error = await Stageflow.create(Rendering, { artifacts: { store, thresholdBytes: -1 } }).catch(
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(StageflowError);
  expect(error).toMatchObject({ code: 'RUN_INPUT_INVALID', details: { thresholdBytes: -1 } });
});
