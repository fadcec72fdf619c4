import { DependsOn, Stage, type StageContext, StageKind, StageOutput } from 'stageflow';
import { Solve } from './solve.js';

/** A model may promise what it has not done: the calls say what it has. */
@Stage({ kind: StageKind.Guard })
@DependsOn(Solve)
export class AnswerGuard {
  execute(ctx: StageContext<typeof Solve>) {
    const { answer, calls } = ctx.inputs.of(Solve);
    const didRefund = calls.some(({ tool, status }) => tool === 'refund_order' && status === 'completed');
    if (answer.refundedCents > 0 && !didRefund)
      return StageOutput.fail('The answer promises a refund that was not made.');
    return { looked: true };
  }
}
