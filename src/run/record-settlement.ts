/* Writes how a stage ended into its record and reports it. What that means to others is the returned settlement. */
import { SkipCause } from '../events/index.js';
import { messageOf, type StageFailure, StageOutput, StageStatus } from '../stage/index.js';
import { reportDenial } from './denials.js';
import { isAbort, retryUnhandled } from './run-causes.js';
import type { RunState } from './run-state.js';
import { Settlement } from './scheduler.js';
import { type StageExecution, StageState } from './stage-execution.js';

export function recordOk(run: RunState, execution: StageExecution, data: object): Settlement {
  execution.data = data;
  close(run, execution, StageState.Ok);
  if (run.reporter.active) run.reporter.stageCompleted(execution);
  return Settlement.Unlocks;
}

export function recordOutput(run: RunState, execution: StageExecution, output: StageOutput): Settlement {
  switch (output.status) {
    case StageStatus.Ok:
      if (execution.stage.compensates) run.resources.addWork(execution);
      return recordOk(run, execution, StageOutput.unread(output) as object);
    case StageStatus.Skip:
      recordSkip(run, execution, SkipCause.Returned, output.reason ?? '');
      return Settlement.Unlocks;
    case StageStatus.Cancel:
      execution.data = output.data;
      return recordCancelled(run, execution, output.reason);
    case StageStatus.Retry:
      return recordFailed(run, execution, retryUnhandled(execution.stage, output), undefined);
    case StageStatus.Fail:
      return recordFailed(run, execution, output.failure as StageFailure, output.data);
  }
}

export function recordSkip(run: RunState, execution: StageExecution, cause: SkipCause, reason: string): void {
  execution.ending = { reason, skipCause: cause, failure: null };
  close(run, execution, StageState.Skip);
  run.reporter.stageSkipped(execution);
}

export function recordCancelled(run: RunState, execution: StageExecution, reason: unknown): Settlement {
  execution.ending = { reason: messageOf(reason), skipCause: null, failure: null };
  close(run, execution, StageState.Cancel);
  run.reporter.stageCancelled(execution);
  return Settlement.Blocks;
}

function recordFailed(
  run: RunState,
  execution: StageExecution,
  failure: StageFailure,
  data: object | undefined,
): Settlement {
  const scope = execution.scope ?? run.scope;
  if (isAbort(failure.error, scope)) return recordCancelled(run, execution, scope.reason);
  execution.data = data;
  execution.ending = { reason: messageOf(failure.error), skipCause: null, failure };
  close(run, execution, StageState.Fail);
  reportDenial(run, execution.stage.name, failure);
  run.reporter.stageFailed(execution, failure);
  return Settlement.Blocks;
}

function close(run: RunState, execution: StageExecution, state: StageState): void {
  execution.state = state;
  execution.settledAt = run.time.now();
  // A tool call that the stage did not wait for still has to hear if the run is cancelled.
  if (execution.scope !== null && execution.bodies === 0) run.scope.remove(execution.scope);
  if (run.record !== null) run.record.settled(run, execution);
}
