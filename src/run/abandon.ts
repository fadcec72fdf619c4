/* What happens when a grace period ends and something still runs: it is recorded, and nobody waits for it any more. */
import { StageOutput } from '../stage/index.js';
import { cancelledError } from './context-errors.js';
import { leaveInline } from './leave-inline.js';
import { isLimitIn, isLimitOf } from './limited-call.js';
import { recordCancelled } from './record-settlement.js';
import type { RunState } from './run-state.js';
import type { Settlement } from './scheduler.js';
import { type StageExecution, StageState, stageScope } from './stage-execution.js';

/** A run in which stages can be abandoned. */
export interface AbandoningRun extends RunState {
  /** Goes on after a stage that was settled from outside. */
  settledAs(execution: StageExecution, settlement: Settlement): void;
}

/** @param only a stage that was cancelled alone; null for all */
export function abandon(run: AbandoningRun, only: StageExecution | null): void {
  run.parts.deadlines.disarmAll((deadline) => (only === null ? isLimitIn(run, deadline) : isLimitOf(only, deadline)));
  if (only !== null) abandonStage(run, only);
  else for (const execution of run.executions) if (execution !== undefined) abandonStage(run, execution);
}

function abandonStage(run: AbandoningRun, execution: StageExecution): void {
  const running = execution.state === StageState.Running;
  if (!running && execution.bodies === 0) return;
  run.time.expire();
  const scope = stageScope(run, execution);
  scope.abandon();
  run.life.abandon(execution, execution.bodies);
  if (!running) return;
  if (execution.inline !== null) {
    leaveInline(execution, StageOutput.fail(cancelledError(execution.stage.name, scope.reason)));
  }
  run.settledAs(execution, recordCancelled(run, execution, scope.reason));
}
