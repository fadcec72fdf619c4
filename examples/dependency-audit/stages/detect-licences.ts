import { DependsOn, Stage, type StageContext, StageKind } from 'stageflow';
import { checkEachPackage } from '../services/check-each-package.js';
import { LicenceDetector, unknownLicence } from '../services/licence-detector.js';
import { Discover } from './discover.js';

@Stage({ kind: StageKind.Enrich })
@DependsOn(Discover)
export class DetectLicences {
  constructor(private readonly detector: LicenceDetector) {}

  async execute(ctx: StageContext<typeof Discover>) {
    const { packages } = ctx.inputs.of(Discover);
    const checked = await checkEachPackage(packages, ctx, (each) => this.detector.detect(each));
    return {
      // A package whose licence could not be read stays in the list: the guard must see it.
      licences: checked.map((each) => each.result ?? unknownLicence(each.package)),
      notices: checked.flatMap((each) => each.notice ?? []),
    };
  }
}
