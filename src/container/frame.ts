import type { RunContext } from '../stage/index.js';
import type { DisposalList } from './disposal.js';

/** Stands where a value will be. */
export const UNBUILT: unique symbol = Symbol('unbuilt');

/** Where things are built: the application, with a place for every node, or one run, with a place for what it needs. */
export interface Frame {
  readonly values: unknown[];
  /** Null in the application. */
  readonly run: RunContext | null;
  /** Whatever is built here is disposed with it. */
  readonly owned: DisposalList;
}
