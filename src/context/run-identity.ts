import { createRunId } from './run-id.js';

/** The ids a caller may give a run. `null` means "known to be absent" and is kept as `null`. */
export interface RunIdentityInit {
  readonly runId?: string;
  readonly requestId?: string | null;
  readonly sessionId?: string | null;
  readonly userId?: string | null;
  readonly orgId?: string | null;
  readonly interactionId?: string | null;
  /** The run that caused this one. If it goes on in the same engine, the rest of the lineage is taken from it. */
  readonly parentRunId?: string | null;
  /** The stage of that run. */
  readonly parentStage?: string | null;
  /** The first run of the lineage. Default: the parent, else the run itself. */
  readonly rootRunId?: string;
  /** How many runs are above this one. Default: 1 if there is a parent, else 0. */
  readonly depth?: number;
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
  /** The stage of the parent run that started it; null if no stage did. */
  readonly parentStage: string | null;
  /** The first run of the lineage; the run itself if nothing caused it. */
  readonly rootRunId: string;
  /** How many runs are above this one. */
  readonly depth: number;
  /** Shared by a run and everything it caused; the run id unless the caller chose one. */
  readonly correlationId: string;
}

export function createRunIdentity(init: RunIdentityInit = {}): RunIdentity {
  const runId = init.runId ?? createRunId();
  const parentRunId = init.parentRunId ?? null;
  return Object.freeze({
    runId,
    requestId: init.requestId ?? null,
    sessionId: init.sessionId ?? null,
    userId: init.userId ?? null,
    orgId: init.orgId ?? null,
    interactionId: init.interactionId ?? null,
    parentRunId,
    parentStage: init.parentStage ?? null,
    rootRunId: init.rootRunId ?? parentRunId ?? runId,
    depth: init.depth ?? (parentRunId === null ? 0 : 1),
    correlationId: init.correlationId ?? runId,
  });
}
