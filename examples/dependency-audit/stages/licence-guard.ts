import { DependsOn, Stage, type StageContext, StageKind, StageOutput } from 'stageflow';
import { describeDenials } from '../services/licence-policy.js';
import { JudgeLicences } from './judge-licences.js';

/** The code of the failure when a licence is denied. */
export const LICENCE_DENIED = 'LICENCE_DENIED';

/** A denial fails the run. The report does not depend on this guard, so it is written all the same. */
@Stage({ kind: StageKind.Guard })
@DependsOn(JudgeLicences)
export class LicenceGuard {
  execute(ctx: StageContext<typeof JudgeLicences>) {
    const { denied } = ctx.inputs.of(JudgeLicences);
    if (denied.length === 0) return { accepted: true };
    return StageOutput.fail(new Error(describeDenials(denied)), {
      code: LICENCE_DENIED,
      retryable: false,
      hint: 'Replace these packages, or change the deny list.',
    });
  }
}
