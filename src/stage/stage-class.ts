import type { ContractSource, RefuseMismatch } from '../contracts/index.js';
import type { StageKind } from './stage-kind.js';
import type { EmptyOutput, StageOutput } from './stage-output.js';

/** Anything with an `execute(ctx)`. */
export interface StageInstance {
  // The context of each stage differs in what it may read, so no single parameter type covers them all. What may come after it
  // is given by decorators such as @SubPipeline.
  execute(ctx: any, ...given: any[]): unknown;
  /** For `withStage`, where nothing else says it. */
  readonly '~kind'?: StageKind;
}

/** A class whose instances are stages. */
// Constructor parameters are filled by the container; their types are checked there, from metadata.
export type StageClass = new (...args: any[]) => StageInstance;

/** `optional(Profile)`: a dependency whose failure or skip the dependent accepts. */
export interface OptionalDependency<out C extends StageClass = StageClass> {
  readonly optionalStage: C;
}

/** `expecting(Fetch, PageDto)`: a dependency whose output is held against a contract before the dependent runs. */
export interface ExpectedDependency<out D extends StageClass | OptionalDependency = StageClass | OptionalDependency> {
  readonly reads: D;
  readonly contract: ContractSource;
}

/** `atLeast(2, A, B, C)`: dependencies of which not all have to complete. Stage classes, or names in the builder. */
export interface QuorumDependency<out C extends StageClass | string = StageClass | string> {
  readonly atLeast: number;
  readonly members: readonly C[];
}

/** What `@DependsOn` takes: a stage class, `optional(StageClass)`, either of them in `expecting`, or `atLeast(…)` of several. */
export type Dependency = StageClass | OptionalDependency | ExpectedDependency | QuorumDependency<StageClass>;

/**
 * Depend on a stage without requiring it: the dependent runs after it has settled, however it did, and reads
 * `T | undefined`. Declare the reading side as `StageContext<OptionalDependency<typeof Profile>>`.
 */
export function optional<C extends StageClass>(stage: C): OptionalDependency<C> {
  return Object.freeze({ optionalStage: stage });
}

/**
 * Depend on several stages of which `count` must complete. The dependent runs once all of them have settled, so that what it
 * reads does not depend on which was faster, and reads each as `T | undefined`: declare the reading side as
 * `StageContext<QuorumOf<typeof A | typeof B>>`. If too few complete it fails with QUORUM_NOT_REACHED, naming who failed.
 */
export function atLeast<const M extends readonly (StageClass | string)[]>(
  count: number,
  ...members: M
): QuorumDependency<M[number]> {
  return Object.freeze({ atLeast: count, members: Object.freeze([...members]) });
}

export function isQuorumDependency(value: unknown): value is QuorumDependency {
  return typeof value === 'object' && value !== null && 'atLeast' in value && 'members' in value;
}

/** What the context of a stage says that reads the members of `atLeast(…)`: each may have no output. */
export type QuorumOf<C extends StageClass> = C extends unknown ? OptionalDependency<C> : never;

export function isOptionalDependency(value: unknown): value is OptionalDependency {
  return typeof value === 'object' && value !== null && 'optionalStage' in value;
}

/**
 * Depend on a stage and say what of its output you count on: a DTO class or any Standard Schema. If the output does not keep
 * it, the dependent fails before it is called, and the error names both. Does not compile if the type of the output cannot
 * keep it; refused when the pipeline is built if the producer's own contract does not promise it.
 */
export function expecting<D extends StageClass | OptionalDependency, S extends ContractSource>(
  dependency: D,
  contract: S & RefuseExpectation<D, S>,
): ExpectedDependency<D> {
  return Object.freeze({ reads: dependency, contract });
}

export function isExpectedDependency(value: unknown): value is ExpectedDependency {
  return typeof value === 'object' && value !== null && 'reads' in value && 'contract' in value;
}

type OutputRead<D> = OutputOf<D extends OptionalDependency<infer C> ? C : D>;

/** Nothing, or a demand no contract meets, whose key is the message. */
export type RefuseExpectation<D, S> =
  RefuseMismatch<OutputRead<D>, S> extends infer Refusal
    ? unknown extends Refusal
      ? unknown
      : { 'expects what the stage does not hand on': Refusal[keyof Refusal] }
    : never;

export type IsAny<T> = 0 extends 1 & T ? true : false;

/**
 * Whether `C` is one of the classes in the union `Known`. Both directions are compared: a stage that hands on more than
 * another would otherwise pass for it. The compiler compares structure, so two stages with the same members, or whose
 * output is `any`, are the same to it unless one has a private member; reads are checked again at run time.
 */
export type SameClass<C, Known> = true extends (
  Known extends unknown
    ? [C] extends [Known]
      ? [Known] extends [C]
        ? true
        : false
      : false
    : never
)
  ? true
  : false;

/** The data a value returned by `execute` stands for. */
export type DataOf<R> = R extends StageOutput<infer T> ? T : R extends undefined | null | void ? EmptyOutput : R;

/** What a stage class hands on: `OutputOf<typeof Fetch>`. */
export type OutputOf<C> = C extends abstract new (
  ...args: any[]
) => { execute(...args: any[]): infer R }
  ? DataOf<Awaited<R>>
  : never;
