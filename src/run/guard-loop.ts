import type { StageGraph } from '../graph/index.js';
import type { GuardFeedback, RetryFromSpec } from '../stage/index.js';

/** The way back from one guard, worked out once per pipeline. */
export interface GuardLoop extends RetryFromSpec {
  /** Index of the guard. */
  readonly guard: number;
  /** Index of the stage that is run again. */
  readonly target: number;
  /** That stage and everything downstream of it, the guard included, in declaration order. */
  readonly region: readonly number[];
}

/** What was counted before stages were computed again. */
export interface EarlierRounds {
  readonly attempts: number;
  readonly rounds: number;
}

/** What the parts of a run ask about its going back. */
export interface RunRounds {
  /** How often stages were computed in all: 1, and one more for each time the run has gone back. */
  readonly rounds: number;
  /** Something is being taken back, and nothing starts. */
  readonly goingBack: boolean;
  /** Whether what this stage settles as is about to be forgotten. */
  covers(stage: number): boolean;
  feedbackFor(stage: number): GuardFeedback | null;
  earlierOf(stage: number): EarlierRounds;
}

/** @returns by stage index; null for all but guards that send the run back */
export function guardLoops(graph: StageGraph): readonly (GuardLoop | null)[] {
  return graph.stages.map(({ retryFrom }, guard) => {
    if (retryFrom === undefined) return null;
    const target = graph.indexOf(retryFrom.stage) as number; // the graph has been validated
    return { ...retryFrom, guard, target, region: downstreamOf(graph, target) };
  });
}

function downstreamOf({ topology }: StageGraph, stage: number): readonly number[] {
  const { dependents, dependentOffsets } = topology;
  const found = new Set([stage]);
  for (const next of found) {
    const end = dependentOffsets[next + 1] as number;
    for (let edge = dependentOffsets[next] as number; edge < end; edge++) found.add(dependents[edge] as number);
  }
  return [...found].sort((a, b) => a - b);
}
