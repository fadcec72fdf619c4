import { DependsOn, Stage, type StageContext, StageKind, When } from 'stageflow';
import { Outbox } from '../services/outbox.js';
import { AnswerGuard } from './answer-guard.js';
import { Classify } from './classify.js';
import { ReadMail } from './read-mail.js';
import { Solve } from './solve.js';

@Stage({ kind: StageKind.Work, idempotent: true }) // it writes the same file again
@When(Classify, ({ topic }) => topic !== 'spam')
@DependsOn(ReadMail, Solve, AnswerGuard)
export class SendAnswer {
  constructor(private readonly outbox: Outbox) {}

  async execute(ctx: StageContext<typeof ReadMail | typeof Solve | typeof AnswerGuard>) {
    const { from, subject } = ctx.inputs.of(ReadMail);
    const { reply } = ctx.inputs.of(Solve).answer;
    const file = await this.outbox.write(
      `answer-${ctx.runId}.txt`,
      `To: ${from}\nSubject: Re: ${subject}\n\n${reply}\n`,
    );
    return { file, reply };
  }
}
