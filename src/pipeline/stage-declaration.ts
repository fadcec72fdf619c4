import type { AccessRule } from '../auth/index.js';
import type { ContractSource } from '../contracts/index.js';
import type {
  InterceptorClass,
  InterceptorLike,
  RetryFromOptions,
  StageClass,
  StageContext,
  StageKind,
} from '../stage/index.js';
import type { StageDriver } from './stage-driver.js';

export interface DeclaredDependency {
  /** A class that must be a stage of the pipeline, or the name of a stage. */
  readonly target: StageClass | string;
  readonly optional: boolean;
  /** What the dependent expects of its output; null for nothing in particular. */
  readonly contract: ContractSource | null;
}

export interface DeclaredCondition {
  /** The stage whose output decides; null if the predicate reads `ctx` as it likes. Also a dependency. */
  readonly on: StageClass | string | null;
  readonly predicate: (ctx: StageContext) => boolean;
}

/** Dependencies of which not all have to complete; each is an optional dependency as well. */
export interface DeclaredQuorum {
  readonly atLeast: number;
  readonly of: readonly (StageClass | string)[];
}

/** The way back from a guard. */
export interface DeclaredRetryFrom extends RetryFromOptions {
  readonly target: StageClass | string;
}

/** One stage as declared, by decorators or by the builder, before its dependencies are looked up in a pipeline. */
export interface StageDeclaration {
  /** As the pipeline knows it, its namespace included. */
  readonly name: string;
  /** The prefix of the component it came with; '' for none. What it depends on is looked up there first. */
  readonly namespace: string;
  readonly kind: StageKind;
  readonly timeoutMs: number | null;
  readonly priority: number;
  readonly dependencies: readonly DeclaredDependency[];
  readonly quorums: readonly DeclaredQuorum[];
  readonly condition: DeclaredCondition | null;
  readonly interceptors: readonly InterceptorLike[];
  /** Those it is to do without, whoever puts them around it. */
  readonly skips: readonly InterceptorClass[];
  /** Its own rules; what the pipeline or module adds is combined with them. */
  readonly access: readonly AccessRule[];
  /** Where it sends the run back to when it fails; for guards. */
  readonly retryFrom: DeclaredRetryFrom | null;
  /** What it did is undone when the run fails; for work stages. */
  readonly compensates: boolean;
  /** What it only makes its output of: see `@SubPipeline`, `@ForEach` and `@Repeat`. */
  readonly driver: StageDriver | null;
  /** It may be called again when it is unknown whether it took effect; for work and agent stages. */
  readonly idempotent: boolean;
  readonly stageClass: StageClass | null;
  /** What it promises to hand on. */
  readonly output: ContractSource | null;
  /** What it expects of the input of the run. */
  readonly input: ContractSource | null;
}
