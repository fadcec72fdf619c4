import type { RunState } from './run-state.js';
import { StageState, stageScope } from './stage-execution.js';

/** Cancels one stage of a run, at once or when its turn comes. @returns whether it had not settled yet */
export function cancelStage(run: RunState, index: number, reason: unknown): boolean {
  const execution = run.executions[index];
  if (run.life.decided || (execution !== undefined && execution.state !== StageState.Running)) return false;
  if (execution === undefined) {
    run.stageCancels ??= new Map();
    run.stageCancels.set(index, reason);
  } else {
    stageScope(run, execution).cancel(reason);
    run.life.expectEndOf(execution);
  }
  return true;
}
