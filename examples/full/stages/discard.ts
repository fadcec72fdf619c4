import { DependsOn, Stage, type StageContext, When } from 'stageflow';
import { Classify } from './classify.js';
import { ReadMail } from './read-mail.js';

@Stage()
@When(Classify, ({ topic }) => topic === 'spam')
@DependsOn(ReadMail)
export class Discard {
  execute(ctx: StageContext<typeof ReadMail>) {
    return { discarded: ctx.inputs.of(ReadMail).subject };
  }
}
