import { DependsOn, PipelineModule, Stage, type StageContext, Stageflow, StageOutput } from 'stageflow';
import { Gate } from 'stageflow/testing';
import { expect, it } from 'vitest';

@Stage()
class Cache {
  execute() {
    return StageOutput.cancel('the answer is known', { answer: 42 });
  }
}

@Stage()
class Search {
  async execute(ctx: StageContext): Promise<void> {
    await new Gate().pass(ctx.signal); // would go on for ever
  }
}

@Stage()
@DependsOn(Search)
class Rank {
  execute() {}
}

@PipelineModule({ stages: [Search, Rank, Cache] })
class Answer {}

it('a stage that returns cancel ends the run early: neither success nor failure (014)', async () => {
  await using app = await Stageflow.create(Answer);
  const outcome = await app.start(Answer).result;
  if (outcome.status !== 'cancelled') throw new Error(outcome.status);
  expect(outcome.error).toMatchObject({ stage: 'Cache', reason: 'the answer is known' });
  expect(outcome.results.stage(Cache).data).toEqual({ answer: 42 });
  expect(outcome.results.stage(Search).status).toBe('cancel');
  expect(outcome.results.stage(Rank).status).toBe('not-started');
});
