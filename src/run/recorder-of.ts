import type { StageContext } from '../stage/index.js';
import { behind } from './execution-context.js';
import type { RunRecorder } from './run-recorder.js';

/** Who writes down the run that a stage of ours belongs to; null if nobody does. */
export function recorderOf(ctx: StageContext): RunRecorder | null {
  return behind(ctx).run.record;
}

/** How often the run has been computed, this time included. */
export function roundOf(ctx: StageContext): number {
  return behind(ctx).run.loops?.rounds ?? 1;
}
