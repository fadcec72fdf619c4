import type { StageflowError } from '../errors/index.js';
import type { StageFailure } from '../stage/index.js';
import type { StageExecution } from './stage-execution.js';

/** What ended a run before all its stages were done, or the failure that stands after they were. */
export type Decision =
  | { readonly status: 'cancelled'; readonly stage: string | null; readonly reason: unknown }
  | { readonly status: 'failed'; readonly stage: string; readonly failure: StageFailure }
  | { readonly status: 'failed'; readonly stage: null; readonly error: StageflowError };

export function failedBy(execution: StageExecution): Decision {
  return { status: 'failed', stage: execution.stage.name, failure: execution.failure as StageFailure };
}
