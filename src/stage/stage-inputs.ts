import type { SkipCause } from '../events/index.js';
import type { IsAny, OptionalDependency, OutputOf, SameClass, StageClass } from './stage-class.js';

/** The outputs a builder stage can read, by stage name. */
export interface NamedOutputs<out M extends object = object> {
  readonly outputsByName: M;
}

/** The stage classes among `D` that may be read; all of them when `D` is unchecked. */
export type ReadableClass<D> =
  IsAny<D> extends true ? StageClass : D extends OptionalDependency<infer C> ? C : D extends StageClass ? D : never;

type RequiredClass<D> = D extends StageClass ? D : never;

/** What reading `S` gives: its output, or `undefined` as well if `D` names it as optional. */
export type InputOf<D, S> =
  IsAny<D> extends true
    ? OutputOf<S>
    : S extends unknown
      ? SameClass<S, RequiredClass<D>> extends true
        ? OutputOf<S>
        : OutputOf<S> | undefined
      : never;

type Unreadable<D, S> = S extends unknown ? (SameClass<S, ReadableClass<D>> extends true ? never : S) : never;

/**
 * Added to the type of an argument: nothing, or a demand no class meets. A mere `S extends ReadableClass<D>` would accept
 * every stage that hands on what a readable one does, and more.
 */
type RefuseUnreadable<D, S> =
  IsAny<D> extends true
    ? unknown
    : [Unreadable<D, S>] extends [never]
      ? unknown
      : { 'this context does not name the stage': Unreadable<D, S> };

type NamesOf<D> = D extends NamedOutputs<infer M> ? M : never;
/** Without names every name is accepted, and checked at run time only. */
type OutputsByName<D> = IsAny<D> extends true ? any : [NamesOf<D>] extends [never] ? Record<string, any> : NamesOf<D>;
// Extract, not `&`: a misspelt name is then answered with the names there are.
type StageName<D> = Extract<keyof OutputsByName<D>, string>;
type OutputNamed<D, N extends StageName<D>> = OutputsByName<D>[N];
type KeyOf<D, N extends StageName<D>> = Extract<keyof NonNullable<OutputNamed<D, N>>, string>;
type ValueOf<D, N extends StageName<D>, K extends KeyOf<D, N>> = NonNullable<OutputNamed<D, N>>[K];

/** How a dependency ended, as its dependents see it. */
export interface InputStatus {
  readonly status: 'ok' | 'skip' | 'fail' | 'cancel';
  /** Why it was skipped, failed or was cancelled alone; null for ok. */
  readonly reason: string | null;
  readonly skipCause: SkipCause | null;
}

/**
 * The outputs of the stages this stage depends on. Reading anything else is a typed error, at compile time where `D`
 * names the readable stages and at run time always.
 */
// `in out` keeps D invariant: without it a union of stages would widen to the checked form of fewer stages.
export interface StageInputs<in out D = any> {
  /**
   * The output of a stage this one depends on. `undefined` only for an optional dependency without output.
   * @throws INPUT_UNDECLARED, INPUT_AMBIGUOUS, or INPUT_NO_OUTPUT if the stage was skipped.
   */
  of<S extends StageClass>(stage: S & RefuseUnreadable<D, S>): InputOf<D, S>;

  /** The same by stage name, for pipelines made with the builder. */
  from<N extends StageName<D>>(stage: N): OutputNamed<D, N>;
  /** One key of a named dependency; `undefined` if the output has no such key. @throws INPUT_KEY_INVALID */
  from<N extends StageName<D>, K extends KeyOf<D, N>>(
    stage: N,
    key: K,
  ): ValueOf<D, N, K> | Extract<OutputNamed<D, N>, undefined>;

  /**
   * One key of a named dependency, which must be there.
   * @throws INPUT_KEY_MISSING with the keys that are there.
   */
  require<N extends StageName<D>, K extends KeyOf<D, N>>(stage: N, key: K): NonNullable<ValueOf<D, N, K>>;

  /**
   * A key, from whichever dependency has it; `undefined` if none has.
   * @throws INPUT_AMBIGUOUS if several have it.
   */
  get(key: string): unknown;

  /**
   * The outputs of all dependencies that have one, by stage name, in the order they are declared: for stages that merge
   * whatever there is. A stage that was skipped is left out.
   */
  outputs(): Readonly<Record<string, object>>;

  /** How a dependency ended. Ask before reading one that may have been skipped. */
  status<S extends StageClass | StageName<D>>(stage: S & RefuseUnreadable<D, Extract<S, StageClass>>): InputStatus;
}
