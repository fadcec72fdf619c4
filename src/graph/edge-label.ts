import type { StageSpec } from '../stage/index.js';

/** What stands beside the edge from `stage` to this one; null for nothing. */
export function edgeLabel({ condition, quorums }: StageSpec, stage: string, optional: boolean): string | null {
  if (stage === condition) return 'when';
  const quorum = optional ? quorums?.find(({ of }) => of.includes(stage)) : undefined;
  return quorum === undefined ? null : `${quorum.atLeast} of ${quorum.of.length}`;
}
