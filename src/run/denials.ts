import { TenantAccessDeniedError } from '../auth/index.js';
import type { StageFailure } from '../stage/index.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';

const DENIALS: ReadonlySet<string> = new Set(['AUTH_FORBIDDEN', 'TENANT_ACCESS_DENIED']);

/** Whether the failure of a stage does not end the run. A denial always does, whatever its dependents can do without. */
export function isTolerated({ stage, failure }: StageExecution): boolean {
  return stage.tolerated && !(failure !== null && DENIALS.has(failure.code));
}

/** A denial that nobody reported yet, such as that of a TenantGuard. */
export function reportDenial(run: RunState, stage: string, { code, error }: StageFailure): void {
  if (code !== 'TENANT_ACCESS_DENIED') return;
  try {
    if (error instanceof TenantAccessDeniedError) run.resources.tenantDenials.report(run, stage, error);
  } catch {
    // Something that refuses to be looked at has borrowed the code.
  }
}
