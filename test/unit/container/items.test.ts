import { describe, expect, it } from 'vitest';
import {
  Compensate,
  DependsOn,
  ForEach,
  Injectable,
  type ItemContext,
  type LoopContext,
  type LoopResult,
  MemorySink,
  PipelineModule,
  Repeat,
  type RunResults,
  type Settled,
  Stage,
  type StageContext,
  Stageflow,
  StageKind,
  StageOutput,
} from '../../../src/index.js';
import { Test } from '../../../src/testing/index.js';
import { rejection } from '../run/hand-bound.js';

@Injectable()
class Scaler {
  readonly undone: string[] = [];
  scale(id: string): string {
    if (id === 'broken') throw new Error('cannot be read');
    return `${id}.small`;
  }
}

@Stage()
class List {
  execute({ snapshot }: StageContext) {
    return { images: (snapshot.inputText ?? '').split(' ').map((id) => ({ id })) };
  }
}

@Stage({ kind: StageKind.Work })
@ForEach(List, (list) => list.images, { key: ({ id }) => id, policy: 'settled' })
@Compensate()
class Resize {
  constructor(private readonly scaler: Scaler) {}
  each(_: ItemContext, { id }: { id: string }) {
    return { url: this.scaler.scale(id) };
  }
  execute(_: StageContext, items: readonly Settled<{ url: string }>[]) {
    return { urls: items.flatMap((item) => (item.status === 'ok' ? [item.data.url] : [])) };
  }
  compensate({ urls }: { urls: string[] }) {
    this.scaler.undone.push(...urls);
  }
}

@Stage()
@DependsOn(Resize)
class Publish {
  execute(ctx: StageContext<typeof Resize>) {
    const { urls } = ctx.inputs.of(Resize);
    if (urls.length < 2) throw new Error('too few');
    return { line: urls.join(' ') };
  }
}
@PipelineModule({ name: 'images', stages: [List, Resize, Publish], providers: [Scaler] })
class ImagesModule {}

@Stage()
class Count {
  execute({ snapshot }: StageContext) {
    const { id } = snapshot.input as { id: string };
    return id === '' ? StageOutput.skip('no image') : { length: id.length };
  }
}
@PipelineModule({ name: 'count', stages: [Count] })
class CountModule {}

@Stage()
@ForEach(List, (list) => list.images, { key: ({ id }, index) => id || index, run: CountModule })
class CountAll {
  each(_: ItemContext, { id }: { id: string }, results: RunResults) {
    return { id, length: results.of(Count).length };
  }
  execute(_: StageContext, counts: readonly { id: string; length: number }[]) {
    return { lengths: counts.map(({ length }) => length) };
  }
}

interface Draft {
  readonly text: string;
}
@Stage()
@DependsOn(List)
@Repeat({ until: ({ text }: Draft) => text.length > 3, maxIterations: 5 })
class Write {
  iterate({ previous }: LoopContext<Draft>): Draft {
    return { text: `${previous?.text ?? ''}x` };
  }
  execute({ inputs }: StageContext<typeof List>, loop: LoopResult<Draft>) {
    return { images: inputs.of(List).images.length, reason: loop.reason, text: loop.output?.text };
  }
}
@PipelineModule({ name: 'counts', stages: [List, CountAll, Write] })
class CountsModule {}

@PipelineModule({ imports: [ImagesModule, CountsModule, CountModule] })
class AppModule {}

describe('@ForEach', () => {
  it('works on what the source hands on with what is injected, and types what dependents read', async () => {
    await using app = await Stageflow.create(AppModule);
    const results = await app.run(ImagesModule, { inputText: 'a broken b' });
    expect(results.of(Publish)).toEqual({ line: 'a.small b.small' });
  });

  it('undoes as one what was done', async () => {
    await using app = await Stageflow.create(AppModule);
    const error = await rejection(app.run(ImagesModule, { inputText: 'a' }));
    expect(error.results.compensation.undone).toEqual(['Resize']);
  });

  it('runs a module for every item; one that gave nothing is skipped', async () => {
    await using app = await Stageflow.create(AppModule);
    const results = await app.run(CountsModule, { inputText: 'aa  bbbb' });
    expect(results.of(CountAll)).toEqual({ lengths: [2, 4] });
  });

  it('is refused when the application is created that cannot reach what it runs', async () => {
    @PipelineModule({ name: 'lonely', stages: [List, CountAll] })
    class LonelyModule {}
    const error = await rejection(Stageflow.create(LonelyModule));
    expect(error.problems).toMatchObject([
      { code: 'REGISTRY_UNKNOWN', details: { stage: 'CountAll', module: 'CountModule' } },
    ]);
  });

  it('is not at its items where something else stands for it in a test', async () => {
    const t = await Test.createPipeline(ImagesModule)
      .overrideStage(Resize)
      .output({ urls: ['x', 'y'] })
      .compile();
    const sink = new MemorySink();
    const results = await t.run({ inputText: 'a b' }, { sinks: [sink] });
    expect(results.of(Publish)).toEqual({ line: 'x y' });
    expect(sink.ofType('stage.item.started')).toEqual([]);
    await t.close();
  });

  it('can be tested by itself', async () => {
    const outcome = await Test.createStage(Resize)
      .provide(Scaler, { undone: [], scale: (id: string) => id.toUpperCase() } as Scaler)
      .given(List, { images: [{ id: 'a' }, { id: 'b' }] })
      .run();
    expect(outcome.data).toEqual({ urls: ['A', 'B'] });
  });
});

describe('@Repeat', () => {
  it('does the work of a stage again until it is good enough', async () => {
    await using app = await Stageflow.create(AppModule);
    const results = await app.run(CountsModule, { inputText: 'a b' });
    expect(results.of(Write)).toEqual({ images: 2, reason: 'until', text: 'xxxx' });
  });
});

it('describe() says what a stage works through', async () => {
  @Stage()
  @Repeat({ until: (draft: { good: boolean }) => draft.good, maxIterations: 3, timeoutMs: 1_000 })
  class Write {
    iterate(_: LoopContext<{ good: boolean }>) {
      return { good: true };
    }
    execute(_: StageContext, loop: LoopResult<{ good: boolean }>) {
      return { reason: loop.reason };
    }
  }
  @PipelineModule({ stages: [List, Resize, Write], providers: [Scaler] })
  class Images {}
  await using app = await Stageflow.create(Images);
  const description = app.describe();
  expect(description.pipelines[0]?.stages.map(({ stage, driver }) => [stage, driver])).toEqual([
    ['List', null],
    ['Resize', { kind: 'items', runs: null, concurrency: 8, policy: 'settled' }],
    ['Write', { kind: 'loop', runs: null, maxIterations: 3, timeoutMs: 1_000 }],
  ]);
  expect(String(description)).toContain('each item (settled), 8 at once');
  expect(String(description)).toContain('repeats at most 3 times or for 1000 ms');
});
