import type { ContextSnapshot, RunIdentityInit } from '../context/index.js';
import { requireDepth, underParent } from './lineage.js';
import { withIds } from './run-caller.js';
import type { RunInput } from './run-options.js';

/**
 * What a run is started with, with the ids of its caller, and with its place under the run that it says has caused it.
 * @param find a run that is under way
 * @throws CHILD_TOO_DEEP
 */
export function identified(
  pipeline: string,
  input: RunInput,
  ids: RunIdentityInit | null,
  find: (runId: string) => { readonly snapshot: ContextSnapshot } | null,
  maxDepth: number,
): RunInput {
  const claimed = input.identity;
  const parentRunId = claimed?.parentRunId ?? null;
  if (claimed === undefined || (parentRunId === null && claimed.depth === undefined)) {
    return ids === null ? input : withIds(input, ids);
  }
  const parent = parentRunId === null ? null : find(parentRunId);
  const identity = underParent(claimed, parent?.snapshot.identity ?? null);
  requireDepth(pipeline, identity, maxDepth);
  return withIds({ ...input, identity }, ids ?? {});
}
