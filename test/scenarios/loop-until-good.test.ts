import {
  DependsOn,
  type LoopContext,
  type LoopResult,
  PipelineModule,
  Repeat,
  Stage,
  type StageContext,
  Stageflow,
  StageOutput,
} from 'stageflow';
import { expect, it } from 'vitest';

interface Draft {
  readonly text: string;
  readonly score: number;
}

@Stage()
class Topic {
  execute({ snapshot }: StageContext) {
    return { topic: snapshot.inputText ?? '' };
  }
}

@Stage()
@DependsOn(Topic)
@Repeat({ until: (draft: Draft) => draft.score >= 3, maxIterations: 5, stagnation: 2 })
class Write {
  iterate({ inputs, iteration, previous }: LoopContext<Draft, typeof Topic>): Draft {
    const { topic } = inputs.of(Topic);
    if (topic === '') return { text: '', score: 0 };
    return { text: `${previous?.text ?? topic}!`, score: iteration };
  }

  execute(_: StageContext<typeof Topic>, loop: LoopResult<Draft>) {
    if (loop.reason !== 'until') return StageOutput.fail(new Error(`No good draft: ${loop.reason}.`));
    return { text: loop.output.text, iterations: loop.iterations };
  }
}

@PipelineModule({ name: 'writing', stages: [Topic, Write] })
class WritingPipeline {}

it('a stage repeats its work until it is good enough, and says why it has stopped if it never is', async () => {
  await using app = await Stageflow.create(WritingPipeline);
  const results = await app.run(WritingPipeline, { inputText: 'tea' });
  expect(results.of(Write)).toEqual({ text: 'tea!!!', iterations: 3 });
  await expect(app.run(WritingPipeline, { inputText: '' })).rejects.toMatchObject({
    stage: 'Write',
    message: expect.stringContaining('No good draft: stagnation.'),
  });
});
