import { type StageExecution, StageState } from './stage-execution.js';
import { isTolerated } from './tolerated.js';

/** The first failure that counts, once earlier ones were taken back; null if none does. */
export function standingFailure(executions: readonly (StageExecution | undefined)[]): StageExecution | null {
  let first: StageExecution | null = null;
  for (const execution of executions) {
    if (execution?.state !== StageState.Fail || isTolerated(execution)) continue;
    if (first === null || execution.settledAt < first.settledAt) first = execution;
  }
  return first;
}
