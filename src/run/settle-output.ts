import { StageOutput, StageStatus } from '../stage/index.js';
import { type ReturningRun, recordGuard } from './guard-retries.js';
import { leaveInline } from './leave-inline.js';
import { letThrough } from './let-through.js';
import { toOutput } from './output-of-value.js';
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

/** Of a stage that threw, or handed on anything but a plain object. */
export function settleOther(run: SettlingRun, execution: StageExecution, value: unknown, threw: boolean): void {
  const output = threw ? StageOutput.fail(value) : toOutput(value, execution.stage.name);
  settleOutput(run, execution, leaveInline(execution, output));
}

/**
 * What the layers in line around a stage leave of a plain object that it handed on.
 * @returns null where that is anything but data; then the stage has been settled
 */
export function leftInline(run: SettlingRun, execution: StageExecution, data: object): object | null {
  const output = leaveInline(execution, StageOutput.ok(data));
  if (output.status === StageStatus.Ok) return StageOutput.unread(output) as object;
  settleOutput(run, execution, output);
  return null;
}

/** A guard has sent the run back: how this settles decides nothing. */
export function isStale({ loops }: RunState, { stage }: StageExecution): boolean {
  return loops?.covers(stage.index) ?? false;
}
