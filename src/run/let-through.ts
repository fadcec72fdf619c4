import { StageOutput, StageStatus } from '../stage/index.js';
import { PipelineCancelledError } from './run-errors.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';

/**
 * What a failure stands for. A stage that waits for a run and lets its cancellation through says what the run said: there is
 * nothing more to do. Its failure, and what ends a stage that was told to stop itself, stay what they are.
 */
export function letThrough(run: RunState, execution: StageExecution, output: StageOutput): StageOutput {
  if (output.status !== StageStatus.Fail) return output;
  const cancelled = cancellationOf(output.failure?.error);
  if (cancelled === null || (execution.scope ?? run.scope).cancelled) return output;
  return StageOutput.cancel(cancelled.reason);
}

function cancellationOf(error: unknown): PipelineCancelledError | null {
  try {
    return error instanceof PipelineCancelledError ? error : null;
  } catch {
    return null; // a proxy that refuses to be looked at
  }
}
