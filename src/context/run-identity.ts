import { createRunId } from './run-id.js';

/** The ids a caller may give a run. `null` means "known to be absent" and is kept as `null`. */
export interface RunIdentityInit {
  readonly runId?: string;
  readonly requestId?: string | null;
  readonly sessionId?: string | null;
  readonly userId?: string | null;
  readonly orgId?: string | null;
  readonly interactionId?: string | null;
  readonly parentRunId?: string | null;
  readonly correlationId?: string;
}

/** The ids of one run, carried by its context, its events and its result. Frozen. */
export interface RunIdentity {
  /** UUID v7 unless the caller chose one. */
  readonly runId: string;
  readonly requestId: string | null;
  readonly sessionId: string | null;
  readonly userId: string | null;
  readonly orgId: string | null;
  readonly interactionId: string | null;
  readonly parentRunId: string | null;
  /** Shared by a run and everything it caused; the run id unless the caller chose one. */
  readonly correlationId: string;
}

export function createRunIdentity(init: RunIdentityInit = {}): RunIdentity {
  const runId = init.runId ?? createRunId();
  return Object.freeze({
    runId,
    requestId: init.requestId ?? null,
    sessionId: init.sessionId ?? null,
    userId: init.userId ?? null,
    orgId: init.orgId ?? null,
    interactionId: init.interactionId ?? null,
    parentRunId: init.parentRunId ?? null,
    correlationId: init.correlationId ?? runId,
  });
}
