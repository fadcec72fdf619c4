import type {
  ExpectedDependency,
  IsAny,
  NamedOutputs,
  OptionalDependency,
  QuorumDependency,
  SameClass,
  StageClass,
  StageInputs,
} from '../src/stage/index.js';

/** What the `execute` of a stage class reads: the `D` of its `StageContext<D>`; `any` if that is not said. */
export type ContextOf<C> = C extends abstract new (
  ...args: never[]
) => { execute(ctx: infer X, ...given: any[]): unknown }
  ? X
  : never;
type Reads<X> =
  IsAny<X> extends true ? any : NonNullable<X> extends { readonly inputs: StageInputs<infer D> } ? D : never;

/** A dependency without what is expected of it. */
type Plain<D> = D extends ExpectedDependency<infer R> ? R : D;

type Required<D> = D extends StageClass ? D : never;
type Optional<D> = D extends OptionalDependency<infer C> ? C : D extends QuorumDependency<infer C> ? C : never;

/** Reads of stages that are not listed at all. Names of builder stages are checked by the builder. */
type Undeclared<R, D> = R extends NamedOutputs
  ? never
  : R extends OptionalDependency<infer C>
    ? SameClass<C, Required<D> | Optional<D>> extends true
      ? never
      : C
    : SameClass<R, Required<D> | Optional<D>> extends true
      ? never
      : R;

/** Reads that count on an output which an optional dependency may not have. */
type TooCertain<R, D> = R extends StageClass
  ? SameClass<R, Required<D>> extends true
    ? never
    : SameClass<R, Optional<D>> extends true
      ? R
      : never
  : never;

type Refusal<R, D> = [Undeclared<R, D>] extends [never]
  ? [TooCertain<R, D>] extends [never]
    ? unknown
    : { 'execute() reads as required a stage that @DependsOn declares optional': TooCertain<R, D> }
  : { 'execute() reads a stage that @DependsOn does not declare': Undeclared<R, D> };

/**
 * What @DependsOn adds to the type of its class: nothing, or a demand no class meets, whose text is the message and whose
 * type is the stage in question.
 */
export type RefuseReads<C, D extends readonly unknown[]> =
  IsAny<Reads<ContextOf<C>>> extends true ? unknown : Refusal<Reads<ContextOf<C>>, Plain<D[number]>>;
