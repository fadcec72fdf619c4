import { DependsOn, Stage, type StageContext, StageKind } from 'stageflow';
import { MailGuard } from './mail-guard.js';
import { ReadMail } from './read-mail.js';

export type Topic = 'refund' | 'question' | 'spam';

/** Says which way the mail goes. */
@Stage({ kind: StageKind.Route })
@DependsOn(ReadMail, MailGuard)
export class Classify {
  execute(ctx: StageContext<typeof ReadMail | typeof MailGuard>): { readonly topic: Topic } {
    const { subject, body } = ctx.inputs.of(ReadMail);
    const text = `${subject} ${body}`.toLowerCase();
    if (/lottery|click here|winner/.test(text)) return { topic: 'spam' };
    return { topic: /refund|money back|broken/.test(text) ? 'refund' : 'question' };
  }
}
