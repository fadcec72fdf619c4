import type { StageKind } from '../stage/index.js';

/** What a run does when a stage fails. */
export const FailurePolicy = {
  /** Abort the other stages and end the run once they have stopped. */
  FailFast: 'fail-fast',
  /** Finish everything that is not downstream of the failure. */
  Continue: 'continue',
} as const;
export type FailurePolicy = (typeof FailurePolicy)[keyof typeof FailurePolicy];

/** One dependency as handed to the graph; a bare name means a required one. */
export interface DependencyInit {
  readonly stage: string;
  /** Default false. */
  readonly optional?: boolean;
}

/** Where a failing guard sends the run back to, as handed to the graph. */
export interface RetryFromInit {
  /** A stage upstream of the guard. */
  readonly stage: string;
  /** How often the guard may be asked in all, the first time included. */
  readonly attempts: number;
  /** 0 and null mean no limit. Default null. */
  readonly timeoutMs?: number | null;
  /** Default null: equal failures do not end it early. */
  readonly stagnation?: number | null;
}

/** `atLeast` of these must complete. */
export interface QuorumInit {
  readonly atLeast: number;
  readonly of: readonly string[];
}

/** One stage as handed to `StageGraph.create`. */
export interface StageNodeInit {
  /** Unique in the graph, not blank. */
  readonly name: string;
  readonly kind: StageKind;
  /** Repeats are harmless; required wins over optional. Default none. */
  readonly dependsOn?: readonly (string | DependencyInit)[];
  /** The stage whose output decides whether this one runs. Also a required dependency, listed or not. Default null. */
  readonly condition?: string | null;
  /** Limit of one attempt in ms. 0 and null mean no limit. Default null. */
  readonly timeoutMs?: number | null;
  /** Higher starts first when there are more ready stages than `maxConcurrency`. Default 0. */
  readonly priority?: number;
  /** Guards only. Default null. */
  readonly retryFrom?: RetryFromInit | null;
  /** The stages named become optional dependencies, listed or not. Default none. */
  readonly quorums?: readonly QuorumInit[];
  /** Work stages only: what it did can be undone. Default false. */
  readonly compensates?: boolean;
  /** Work and agent stages only: it may be called again when it is unknown whether it took effect. Default false. */
  readonly idempotent?: boolean;
}

/** What `StageGraph.create`, `validateGraph` and `lintGraph` take. */
export interface GraphInit {
  readonly name: string;
  /** Declaration order is kept: it breaks every tie. */
  readonly stages: readonly StageNodeInit[];
  /** How many stages may run at once; null for no limit. Default null. */
  readonly maxConcurrency?: number | null;
  /** Default `fail-fast`. */
  readonly failurePolicy?: FailurePolicy;
}
