/* The types behind `Pipeline.withStage`: which names exist, what they hand on, what a stage may read. */

import type { AccessRule } from '../auth/index.js';
import type { ContractSource, ContractValue } from '../contracts/index.js';
import type { DependencyInit } from '../graph/index.js';
import type {
  Compensating,
  CompensationContext,
  DataOf,
  EmptyOutput,
  InterceptorClass,
  InterceptorLike,
  NamedOutputs,
  QuorumDependency,
  RetryFromOptions,
  StageContext,
  StageKind,
  StageOutput,
} from '../stage/index.js';

/** Refuses a name the pipeline already has; the property name is the message. */
export type UnusedName<N extends string, M> = string extends N | keyof M
  ? N // names known only at run time
  : N extends keyof M
    ? { 'the pipeline already has a stage of this name': N }
    : N;

/** A stage of the pipeline, by name; `{ stage, optional: true }` accepts that it failed or was skipped, `atLeast(2, …)` that some did. */
export type BuilderDependency<M> =
  | (keyof M & string)
  | { readonly stage: keyof M & string; readonly optional?: boolean }
  | QuorumDependency<keyof M & string>;

type NameOf<D> = D extends string
  ? D
  : D extends { readonly stage: infer N extends string }
    ? N
    : D extends QuorumDependency<infer N extends string>
      ? N
      : never;
type RequiredName<D> = D extends QuorumDependency | { readonly optional: true } ? never : NameOf<D>;

/** What a stage with dependencies `D` reads, by name. */
export type ReadableOutputs<M, D extends readonly unknown[]> = {
  readonly [N in NameOf<D[number]>]: N extends RequiredName<D[number]> ? M[N & keyof M] : M[N & keyof M] | undefined;
};

export type BuilderContext<M, D extends readonly unknown[]> = StageContext<NamedOutputs<ReadableOutputs<M, D>>>;

/** Decides by the output of one stage, which becomes a dependency. */
export type OutputCondition<M> = {
  [N in keyof M & string]: { readonly stage: N; readonly is: (output: M[N]) => boolean };
}[keyof M & string];

export interface BuilderStageOptions<
  M,
  D extends readonly BuilderDependency<M>[],
  S extends ContractSource = ContractSource,
  O = any, // without a stage at hand nothing is known of what it hands on
> {
  /** Default: what `@Stage` on the class says, else transform. */
  readonly kind?: StageKind;
  /** Replaces what `@DependsOn` on the class says. */
  readonly dependsOn?: D;
  /** The stage is skipped as not selected where this is false. */
  readonly when?: OutputCondition<M> | ((ctx: BuilderContext<M, D>) => boolean);
  /** For a guard: when it fails the run goes back to this stage, which reads why in `ctx.feedback`. See `@RetryFrom`. */
  readonly retryFrom?: RetryFromOptions & { readonly stage: keyof M & string };
  /** For a work stage: undoes what it did when the run fails or is cancelled. See `@Compensate`. */
  readonly compensate?: (output: O, ctx: CompensationContext) => void | Promise<void>;
  /** For a work or agent stage: it may be called again when it is unknown whether it took effect. Default false. */
  readonly idempotent?: boolean;
  /** Limit of one attempt in ms; 0 for none. */
  readonly timeoutMs?: number;
  /** Higher starts first under `maxConcurrency`. Default 0. */
  readonly priority?: number;
  /** After those of `@Intercept` on the class. */
  readonly interceptors?: readonly InterceptorLike[];
  /** Those of the pipeline or the class that it does without. */
  readonly skip?: readonly InterceptorClass[];
  /** What the stage promises to hand on, and what its dependents read: a DTO class or any Standard Schema. */
  readonly output?: S;
  /** What it expects of the run's input. */
  readonly input?: ContractSource;
  /** What it expects of its dependencies, by name. */
  readonly expects?: { readonly [N in NameOf<D[number]>]?: ContractSource };
  /** Who may use it: all of these rules must hold, and those of the class and of the pipeline. */
  readonly access?: readonly AccessRule[];
}

/** What dependents of a stage read that returns `R` and promises `S`. */
export type HandedOn<R, S> = [S] extends [never] ? DataOf<Awaited<R>> : ContractValue<S>;

/** What a stage may return in the place of one that hands on `T`. */
export type InPlaceOf<T> = Answer<T> | Promise<Answer<T>>;
type Answer<T> = T | StageOutput<T & object> | ([EmptyOutput] extends [T] ? undefined | null | void : never);

/** Nothing, or a demand no contract meets, whose key is the message. */
export type RefusePromise<T, S> = [S] extends [never]
  ? unknown
  : [ContractValue<S>] extends [T]
    ? unknown
    : { 'promises less than the stage it replaces': T };

/** No argument, or one that nobody can give, whose key is the message. */
export type RefuseComponent<M, A, B> = [M] extends [A]
  ? [keyof M & Exclude<keyof B, keyof A>] extends [never]
    ? []
    : [{ 'the pipeline already has a stage of this name': keyof M & Exclude<keyof B, keyof A> }]
  : [{ 'the pipeline lacks what the component builds on': A }];

/** The same without types, for the implementation. */
export interface UntypedStageOptions {
  readonly kind?: StageKind;
  readonly dependsOn?: readonly (string | DependencyInit | QuorumDependency<string>)[];
  readonly when?: { readonly stage: string; readonly is: (output: any) => boolean } | ((ctx: StageContext) => boolean);
  readonly retryFrom?: RetryFromOptions & { readonly stage: string };
  readonly compensate?: Compensating['compensate'];
  readonly idempotent?: boolean;
  readonly timeoutMs?: number;
  readonly priority?: number;
  readonly interceptors?: readonly InterceptorLike[];
  readonly skip?: readonly InterceptorClass[];
  readonly output?: ContractSource;
  readonly input?: ContractSource;
  readonly expects?: Readonly<Record<string, ContractSource | undefined>>;
  readonly access?: readonly AccessRule[];
}
