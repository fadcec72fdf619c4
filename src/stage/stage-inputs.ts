import type { SkipCause } from '../events/index.js';
import type { IsAny, OptionalDependency, OutputOf, StageClass } from './stage-class.js';

/** The outputs a builder stage can read, by stage name. */
export interface NamedOutputs<out M extends object = object> {
  readonly outputsByName: M;
}

/** The stage classes among `D` that may be read; all of them when `D` is unchecked. */
export type ReadableClass<D> =
  IsAny<D> extends true ? StageClass : D extends OptionalDependency<infer C> ? C : D extends StageClass ? D : never;

/** What reading `S` gives: its output, or `undefined` as well if `D` names it as optional. */
export type InputOf<D, S> = IsAny<D> extends true ? OutputOf<S> : S extends D ? OutputOf<S> : OutputOf<S> | undefined;

type NamesOf<D> = D extends NamedOutputs<infer M> ? M : never;
type OutputsByName<D> = IsAny<D> extends true ? any : [NamesOf<D>] extends [never] ? Record<string, any> : NamesOf<D>;

/** How a dependency ended, as its dependents see it. */
export interface InputStatus {
  readonly status: 'ok' | 'skip' | 'fail';
  /** Why it was skipped or failed; null for ok. */
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
  of<S extends ReadableClass<D>>(stage: S): InputOf<D, S>;

  /** The same by stage name, for pipelines made with the builder. */
  from<N extends keyof OutputsByName<D> & string>(stage: N): OutputsByName<D>[N];
  /** One key of a named dependency; `undefined` if the output has no such key. @throws INPUT_KEY_INVALID */
  from<N extends keyof OutputsByName<D> & string, K extends keyof NonNullable<OutputsByName<D>[N]> & string>(
    stage: N,
    key: K,
  ): NonNullable<OutputsByName<D>[N]>[K];

  /**
   * One key of a named dependency, which must be there.
   * @throws INPUT_KEY_MISSING with the keys that are there.
   */
  require<N extends keyof OutputsByName<D> & string, K extends keyof NonNullable<OutputsByName<D>[N]> & string>(
    stage: N,
    key: K,
  ): NonNullable<NonNullable<OutputsByName<D>[N]>[K]>;

  /**
   * A key, from whichever dependency has it; `undefined` if none has.
   * @throws INPUT_AMBIGUOUS if several have it.
   */
  get(key: string): unknown;

  /** How a dependency ended. Ask before reading one that may have been skipped. */
  status(stage: ReadableClass<D> | (keyof OutputsByName<D> & string)): InputStatus;
}
