import { DependsOn, Stage, type StageContext, StageKind } from 'stageflow';
import { checkEachPackage } from '../services/check-each-package.js';
import { packageId } from '../services/packages.js';
import { SizeMeter } from '../services/size-meter.js';
import { Discover } from './discover.js';

@Stage({ kind: StageKind.Enrich })
@DependsOn(Discover)
export class MeasureSizes {
  constructor(private readonly meter: SizeMeter) {}

  async execute(ctx: StageContext<typeof Discover>) {
    const checked = await checkEachPackage(ctx.inputs.of(Discover).packages, ctx, async (each) =>
      each.folder === null ? null : this.meter.measure(each.folder, ctx.signal),
    );
    return {
      sizes: checked.flatMap(({ package: of, result }) =>
        result === null ? [] : { package: packageId(of), location: of.location, ...result },
      ),
      notices: checked.flatMap((each) => each.notice ?? []),
    };
  }
}
