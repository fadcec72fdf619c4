/* Run by node:test in a process of its own: the test kit without vitest. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DependsOn, MemoryIdempotencyStore, PipelineModule, Stage, type StageContext } from 'stageflow';
import { contractCases, defineContract, expectRun, Gate, ManualClock, Test } from 'stageflow/testing';

@Stage()
class Fetch {
  execute(): { html: string } {
    throw new Error('no network');
  }
}

@Stage()
@DependsOn(Fetch)
class Parse {
  execute(ctx: StageContext<typeof Fetch>) {
    return { title: ctx.inputs.of(Fetch).html };
  }
}

@PipelineModule({ stages: [Fetch, Parse] })
class Crawl {}

describe('a pipeline', () => {
  it('runs with a stage replaced', async () => {
    const t = await Test.createPipeline(Crawl).overrideStage(Fetch).output({ html: 'tea' }).compile();
    const run = await t.record();
    expectRun(run).toHaveOutput(Parse, { title: 'tea' });
    expectRun(run).toHaveStartedAfter(Parse, Fetch);
    assert.throws(() => expectRun(run).toHaveSkipped(Parse), /Stage Parse should have been skipped/);
    await t.close();
  });

  it('fails here, since it leaves a run alive', async () => {
    const t = await Test.createPipeline(Crawl).overrideStage(Fetch).delayUntil(new Gate()).compile();
    t.start();
    await t.close();
  });
});

const store = () => {
  const clock = new ManualClock();
  return { store: new MemoryIdempotencyStore({ clock }), advance: (ms: number) => clock.advance(ms) };
};
defineContract('a store', contractCases.idempotencyStore(store), { describe, it });
