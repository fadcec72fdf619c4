import { PipelineModule, Stage, type StageContext, Stageflow } from 'stageflow';

@Stage()
class Echo {
  execute(ctx: StageContext) {
    return { message: `You said: ${ctx.snapshot.inputText}` };
  }
}

@PipelineModule({ stages: [Echo] })
class EchoPipeline {}

export async function echo(text: string): Promise<string> {
  await using app = await Stageflow.create(EchoPipeline);
  const results = await app.run(EchoPipeline, { inputText: text });
  return results.of(Echo).message;
}
