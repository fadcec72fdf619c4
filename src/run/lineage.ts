/* Where a run stands among the runs that caused it. */
import type { RunIdentity, RunIdentityInit } from '../context/index.js';
import { StageflowError } from '../errors/index.js';
import type { LogFields, RunLineage } from '../events/index.js';
import type { RunOrigin } from './run-origin.js';

const NO_PATH: readonly string[] = Object.freeze([]);

export function lineageOf({ parentStage, rootRunId, depth }: RunIdentity, origin: RunOrigin | null): RunLineage {
  const lineage = { parentStage, rootRunId, depth, path: origin === null ? NO_PATH : origin.path };
  const item = origin === null ? null : origin.item;
  return Object.freeze(item === null ? lineage : { ...lineage, parentItem: item });
}

/** What log lines of a run say of it, besides its own ids; nothing of a run that nothing caused. */
export function lineageFields({ parentRunId, parentStage, rootRunId, correlationId, depth }: RunIdentity): LogFields {
  return parentRunId === null ? {} : { parentRunId, parentStage, rootRunId, correlationId, depth };
}

/** The ids of a run that `stage` of the run `parent` starts. */
export function childIdentity(parent: RunIdentity, stage: string): RunIdentityInit {
  const { requestId, sessionId, userId, orgId, interactionId, correlationId, rootRunId, depth } = parent;
  return {
    requestId,
    sessionId,
    userId,
    orgId,
    interactionId,
    parentRunId: parent.runId,
    parentStage: stage,
    rootRunId,
    depth: depth + 1,
    correlationId,
  };
}

/**
 * The ids a run is started with that names the run which caused it: where the engine knows that one, what it is counts, and
 * not what is said of it.
 */
export function underParent(init: RunIdentityInit, parent: RunIdentity | null): RunIdentityInit {
  if (parent === null) return init;
  const { rootRunId, depth, correlationId } = parent;
  return { ...init, rootRunId, depth: depth + 1, correlationId: init.correlationId ?? correlationId };
}

/** @throws CHILD_TOO_DEEP */
export function requireDepth(pipeline: string, identity: RunIdentityInit, maxDepth: number): void {
  const { parentRunId, parentStage, depth = 0 } = identity;
  if (depth >= 0 && depth <= maxDepth) return;
  const by = parentStage == null ? '' : ` by stage "${parentStage}"`;
  throw new StageflowError({
    code: 'CHILD_TOO_DEEP',
    message: `Pipeline "${pipeline}" was started${by} with ${depth} runs above it; there may be ${maxDepth}.`,
    fix: 'Find out what goes on starting itself, or raise maxDepth.',
    details: { pipeline, depth, maxDepth, parentRunId: parentRunId ?? null, parentStage: parentStage ?? null },
  });
}
