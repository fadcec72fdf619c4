import { Stage, type StageContext, StageKind, StageOutput } from 'stageflow';
import { holdsCardNumber } from '../services/card-number.js';

/** The code of the failure when a question is refused. */
export const INPUT_REFUSED = 'INPUT_REFUSED';

const MAX_CHARS = 2_000;

/** The first of all: what it refuses reaches no file, no model and no history. */
@Stage({ kind: StageKind.Guard })
export class GuardInput {
  execute(ctx: StageContext) {
    const text = (ctx.snapshot.inputText ?? '').trim();
    if (text === '') return refuse('There is no question.');
    if (text.length > MAX_CHARS) return refuse(`Please keep it under ${MAX_CHARS} characters.`);
    if (holdsCardNumber(text)) return refuse('Please never send card numbers in a chat.');
    return { text };
  }
}

function refuse(reason: string): StageOutput<never> {
  return StageOutput.fail(new Error(reason), { code: INPUT_REFUSED, retryable: false });
}
