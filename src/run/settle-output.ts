import { type StageOutput, StageStatus } from '../stage/index.js';
import { type ReturningRun, recordGuard } from './guard-retries.js';
import { letThrough } from './let-through.js';
import { recordOutput } from './record-settlement.js';
import type { RunState } from './run-state.js';
import type { Settlement } from './scheduler.js';
import type { StageExecution } from './stage-execution.js';

/** A run whose stages settle with an output. */
export interface SettlingRun extends ReturningRun {
  complete(execution: StageExecution, settlement: Settlement): void;
}

/** Records how a stage has ended, and what follows from it. */
export function settleOutput(run: SettlingRun, execution: StageExecution, given: StageOutput): void {
  const { name, loop } = execution.stage;
  const output = letThrough(run, execution, given);
  run.complete(execution, (loop === null ? recordOutput : recordGuard)(run, execution, output));
  if (output.status === StageStatus.Cancel && !isStale(run, execution)) run.life.cancelledBy(name, output.reason);
}

/** A guard has sent the run back: how this settles decides nothing. */
export function isStale({ loops }: RunState, { stage }: StageExecution): boolean {
  return loops?.covers(stage.index) ?? false;
}
