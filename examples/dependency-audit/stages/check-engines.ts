import { DependsOn, Stage, type StageContext } from 'stageflow';
import { deprecations } from '../services/deprecations.js';
import { EngineChecker } from '../services/engine-checker.js';
import { Discover } from './discover.js';

/** Will these packages run here, and are they still looked after? */
@Stage()
@DependsOn(Discover)
export class CheckEngines {
  constructor(private readonly engines: EngineChecker) {}

  execute(ctx: StageContext<typeof Discover>) {
    const { packages, project } = ctx.inputs.of(Discover);
    return {
      mismatches: this.engines.check(packages, project.nodeRange),
      deprecated: deprecations(packages),
    };
  }
}
