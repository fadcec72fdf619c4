import type { EmptyOutput, StageOutput } from './stage-output.js';

/** Anything with an `execute(ctx)`. */
export interface StageInstance {
  // The context of each stage differs in what it may read, so no single parameter type covers them all.
  execute(ctx: any): unknown;
}

/** A class whose instances are stages. */
// Constructor parameters are filled by the container; their types are checked there, from metadata.
export type StageClass = new (...args: any[]) => StageInstance;

/** `optional(Profile)`: a dependency whose failure or skip the dependent accepts. */
export interface OptionalDependency<out C extends StageClass = StageClass> {
  readonly optionalStage: C;
}

/** What `@DependsOn` takes: a stage class, or `optional(StageClass)`. */
export type Dependency = StageClass | OptionalDependency;

/**
 * Depend on a stage without requiring it: the dependent runs after it has settled, however it did, and reads
 * `T | undefined`. Declare the reading side as `StageContext<OptionalDependency<typeof Profile>>`.
 */
export function optional<C extends StageClass>(stage: C): OptionalDependency<C> {
  return Object.freeze({ optionalStage: stage });
}

export function isOptionalDependency(value: unknown): value is OptionalDependency {
  return typeof value === 'object' && value !== null && 'optionalStage' in value;
}

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
