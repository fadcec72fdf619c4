/* What happens when a grace period ends and something still runs: it is recorded, and nobody waits for it any more. */
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

export function abandonAll(run: AbandoningRun): void {
  run.parts.deadlines.disarmAll((deadline) => isLimitIn(run, deadline));
  for (const execution of run.executions) if (execution !== undefined) abandon(run, execution);
}

/** The same for one stage, which was cancelled alone. */
export function abandonStage(run: AbandoningRun, execution: StageExecution): void {
  run.parts.deadlines.disarmAll((deadline) => isLimitOf(execution, deadline));
  abandon(run, execution);
}

function abandon(run: AbandoningRun, execution: StageExecution): void {
  const running = execution.state === StageState.Running;
  if (!running && execution.bodies === 0) return;
  run.time.expire();
  const scope = stageScope(run, execution);
  scope.abandon();
  run.life.abandon(execution, execution.bodies);
  if (running) run.settledAs(execution, recordCancelled(run, execution, scope.reason));
}
