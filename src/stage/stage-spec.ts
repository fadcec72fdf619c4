import type { StageKind } from './stage-kind.js';

/** One edge of the graph, seen from the dependent. */
export interface DependencySpec {
  readonly stage: string;
  /** The dependent also runs if this stage failed or was skipped. */
  readonly optional: boolean;
}

/** Where a guard sends the run back to when it fails. */
export interface RetryFromSpec {
  /** The stage that is run again, with everything downstream of it. */
  readonly stage: string;
  /** How often the guard may be asked in all, the first time included. */
  readonly attempts: number;
  /** No further round starts this long after the stage was first called, in ms; null for no limit. */
  readonly timeoutMs: number | null;
  /** Equal failures in a row after which another round is pointless; null to go on until the attempts are used up. */
  readonly stagnation: number | null;
}

/** Dependencies of which not all have to complete. Each is an optional dependency as well. */
export interface QuorumSpec {
  /** How many of them must complete. */
  readonly atLeast: number;
  readonly of: readonly string[];
}

/** One stage as data: everything the graph, its renderings and interceptors know of it. Frozen, serialisable. */
export interface StageSpec {
  readonly name: string;
  readonly kind: StageKind;
  /** In declaration order, without repeats. A condition's stage is among them. */
  readonly dependsOn: readonly DependencySpec[];
  /** The stage whose output decides whether this one runs; null if it always does. */
  readonly condition: string | null;
  /** Limit of one attempt in ms; null for none. */
  readonly timeoutMs: number | null;
  /** Higher starts first when there are more ready stages than `maxConcurrency`. Default 0. */
  readonly priority: number;
  // What few stages have is there only if they have it, so that the plan and the hash of other graphs stay as they are.
  /** For a guard that sends the run back. */
  readonly retryFrom?: RetryFromSpec;
  readonly quorums?: readonly QuorumSpec[];
  /** What the stage did is undone when the run fails or is cancelled. */
  readonly compensates?: true;
  /** For a stage that changes the world: it may be called again when it is unknown whether it took effect. */
  readonly idempotent?: true;
}
