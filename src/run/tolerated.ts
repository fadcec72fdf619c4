import type { StageExecution } from './stage-execution.js';

const DENIALS: ReadonlySet<string> = new Set(['AUTH_FORBIDDEN', 'TENANT_ACCESS_DENIED']);

/** Whether the failure of a stage does not end the run. A denial always does, whatever its dependents can do without. */
export function isTolerated({ stage, failure }: StageExecution): boolean {
  return stage.tolerated && !(failure !== null && DENIALS.has(failure.code));
}
