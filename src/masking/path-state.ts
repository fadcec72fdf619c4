/** One step of a path: a name, or one of the two stars. */
export type PathStep = { readonly name: string } | typeof PathState.ANY | typeof PathState.ANY_DEPTH;

/** A step and what is expected after it; the last one leads to `null`. */
interface Expected {
  readonly id: number;
  readonly step: PathStep;
  readonly next: Expected | null;
}
type States = Map<string, PathState>;

const SENSITIVE: unique symbol = Symbol('sensitive');
/** States that are shared. More, of pathological patterns, work too, but are made each time. */
const MOST_STATES = 512;

/**
 * What is still expected of all paths at one place of a value: the state of one automaton for all patterns, so that a
 * value is walked once however many there are. Equal states are the same object.
 */
export class PathState {
  static readonly ANY: unique symbol = Symbol('*');
  static readonly ANY_DEPTH: unique symbol = Symbol('**');
  /** No path can match any more. */
  static readonly done = new PathState([], new Map());

  readonly #expected: readonly Expected[];
  readonly #states: States;

  private constructor(expected: readonly Expected[], states: States) {
    this.#expected = expected;
    this.#states = states;
  }

  static startOf(paths: readonly (readonly PathStep[])[]): PathState {
    let id = 0;
    const chain = (steps: readonly PathStep[]) =>
      steps.reduceRight<Expected | null>((next, step) => ({ id: id++, step, next }), null);
    return PathState.#sharing(
      paths.map(chain).filter((expected) => expected !== null),
      new Map(),
    );
  }

  /** The state at a child, or `'sensitive'` if a path ends there. */
  at(key: string): PathState | 'sensitive' {
    if (this.#expected.length === 0) return PathState.done;
    const after = new Set<Expected>();
    for (const expected of this.#expected) {
      if (advance(expected, key, after) === SENSITIVE) return 'sensitive';
    }
    return PathState.#sharing([...after], this.#states);
  }

  static #sharing(expected: readonly Expected[], states: States): PathState {
    if (expected.length === 0) return PathState.done;
    const key = expected.map(({ id }) => id).join();
    const known = states.get(key);
    if (known !== undefined) return known;
    const state = new PathState(expected, states);
    if (states.size < MOST_STATES) states.set(key, state);
    return state;
  }
}

function advance(expected: Expected, key: string, after: Set<Expected>): typeof SENSITIVE | undefined {
  const { step, next } = expected;
  if (step === PathState.ANY_DEPTH) {
    after.add(expected);
    return next === null ? SENSITIVE : advance(next, key, after);
  }
  if (step !== PathState.ANY && step.name !== key) return undefined;
  if (next === null) return SENSITIVE;
  after.add(next);
  return undefined;
}
