import { TenantAccessDeniedError } from '../auth/index.js';
import type { StageFailure } from '../stage/index.js';
import type { RunState } from './run-state.js';

/** A denial that nobody reported yet, such as that of a TenantGuard. */
export function reportDenial(run: RunState, stage: string, { code, error }: StageFailure): void {
  if (code !== 'TENANT_ACCESS_DENIED') return;
  try {
    if (error instanceof TenantAccessDeniedError) run.resources.tenantDenials.report(run, stage, error);
  } catch {
    // Something that refuses to be looked at has borrowed the code.
  }
}
