import type { RunState } from './run-state.js';
import { StageState, stageScope } from './stage-execution.js';

/** Cancels one stage of a run, at once or when its turn comes. @returns whether it had not settled yet */
export function cancelStage(run: RunState, index: number, reason: unknown): boolean {
  const execution = run.executions[index];
  // Not started although it is there: a policy has yet to say whether it may.
  const isAhead = execution === undefined || execution.state === StageState.NotStarted;
  if (run.life.decided || (!isAhead && execution.state !== StageState.Running)) return false;
  if (isAhead) {
    run.stageCancels ??= new Map();
    run.stageCancels.set(index, reason);
  } else {
    stageScope(run, execution).cancel(reason);
    run.life.expectEndOf(execution);
  }
  return true;
}
