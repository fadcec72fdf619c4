import { DependsOn, PipelineModule, Stage, type StageContext, Stageflow } from 'stageflow';

@Stage()
class Split {
  execute(ctx: StageContext) {
    return { words: (ctx.snapshot.inputText ?? '').trim().split(/\s+/) };
  }
}

@Stage()
@DependsOn(Split)
class Capitalise {
  execute(ctx: StageContext<typeof Split>) {
    const { words } = ctx.inputs.of(Split); // typed: string[]
    return { words: words.map((word) => word[0]?.toUpperCase() + word.slice(1)) };
  }
}

@Stage()
@DependsOn(Capitalise)
class Join {
  execute(ctx: StageContext<typeof Capitalise>) {
    return { title: ctx.inputs.of(Capitalise).words.join(' ') };
  }
}

@PipelineModule({ stages: [Split, Capitalise, Join] })
class TitlePipeline {}

export async function title(text: string): Promise<string> {
  await using app = await Stageflow.create(TitlePipeline);
  const results = await app.run(TitlePipeline, { inputText: text });
  return results.of(Join).title;
}
