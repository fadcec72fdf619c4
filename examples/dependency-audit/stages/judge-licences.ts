import { DependsOn, Stage, type StageContext } from 'stageflow';
import { LicencePolicy } from '../services/licence-policy.js';
import { DetectLicences } from './detect-licences.js';

@Stage()
@DependsOn(DetectLicences)
export class JudgeLicences {
  constructor(private readonly policy: LicencePolicy) {}

  execute(ctx: StageContext<typeof DetectLicences>) {
    return { denied: this.policy.denials(ctx.inputs.of(DetectLicences).licences) };
  }
}
