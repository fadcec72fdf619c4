import type { PathState } from './path-state.js';

/** Where a walk is: what paths and marks say about the children there, and how deep it is. */
export interface Place {
  readonly paths: PathState;
  readonly fields: ReadonlySet<string>;
  readonly depth: number;
}

/** What the parts of a masking walk ask of it. Each gives the very value it was given if there is nothing to mask. */
export interface Walk {
  /** Whether texts need not be looked at: no secret is known. */
  readonly findsNothing: boolean;
  value(value: unknown, place: Place): unknown;
  /** What stands under a key, which may be sensitive by itself. */
  child(key: unknown, value: unknown, place: Place): unknown;
  /** What stands at an index, or under a key that says nothing. */
  element(key: string, value: unknown, place: Place): unknown;
  text(text: string): string;
  /** The mask, instead of something that is secret or cannot be read. */
  mask(): string;
}
