import type { StageClass, StageContext } from '../stage/index.js';

/** A stage whose router was skipped is not selected: there is nothing to ask. */
export function hasOutput(ctx: StageContext, stage: StageClass | string): boolean {
  return ctx.inputs.status(stage).status === 'ok';
}
