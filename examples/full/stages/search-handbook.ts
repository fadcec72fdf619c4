import { DependsOn, type RunResults, Stage, type StageContext, StageKind, SubPipeline, When } from 'stageflow';
import { HandbookPipeline, RankPages } from '../handbook-pipeline.js';
import { Classify } from './classify.js';
import { ReadMail } from './read-mail.js';

/** Runs the pipeline of the handbook as one stage of this one. */
@Stage({ kind: StageKind.Enrich })
@When(Classify, ({ topic }) => topic !== 'spam')
@DependsOn(ReadMail)
@SubPipeline(HandbookPipeline, {
  input: (ctx: StageContext<typeof ReadMail>) => ({ inputText: ctx.inputs.of(ReadMail).body }),
})
export class SearchHandbook {
  execute(_ctx: StageContext<typeof ReadMail>, results: RunResults) {
    return { pages: results.of(RankPages).pages };
  }
}
