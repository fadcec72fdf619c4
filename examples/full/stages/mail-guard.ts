import { DependsOn, Stage, type StageContext, StageKind, StageOutput } from 'stageflow';
import { ReadMail } from './read-mail.js';

const LONGEST = 20_000;

/** Lets nothing in that no clerk would read. Where it fails, the run fails. */
@Stage({ kind: StageKind.Guard })
@DependsOn(ReadMail)
export class MailGuard {
  execute(ctx: StageContext<typeof ReadMail>) {
    const { from, body } = ctx.inputs.of(ReadMail);
    if (!/^\S+@\S+$/.test(from)) return StageOutput.fail('The mail has no sender.');
    if (body === '') return StageOutput.fail('The mail is empty.');
    if (body.length > LONGEST) return StageOutput.fail(`The mail has more than ${LONGEST} characters.`);
    return { looked: true };
  }
}
