import type { StageKind } from './stage-kind.js';

/** One edge of the graph, seen from the dependent. */
export interface DependencySpec {
  readonly stage: string;
  /** The dependent also runs if this stage failed or was skipped. */
  readonly optional: boolean;
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
}
