import type { UndoRecord } from '../../tools/index.js';
import type { Principal } from '../approval/index.js';

/** How far the undoing of a call is. */
export const UndoState = {
  /** The handler was called; how it ended is not written down. */
  Open: 'open',
  /** Can be undone. */
  Ready: 'ready',
  /** Somebody is at it, or died over it. */
  Undoing: 'undoing',
  /** Final. */
  Undone: 'undone',
  /** The tool could not. */
  Failed: 'failed',
  /** It took too long: the tool may have undone it, or may yet. */
  Unknown: 'unknown',
} as const;
export type UndoState = (typeof UndoState)[keyof typeof UndoState];

/** What is kept of a call that can be undone. Plain JSON. */
export interface UndoEntry extends UndoRecord {
  readonly id: string;
  readonly tenant: string | null;
  /** The caller of the run. */
  readonly madeBy: Principal | null;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** From then on it cannot be undone. */
  readonly expiresAt: number;
  readonly state: UndoState;
  /** Who undoes it, or did. */
  readonly claim: UndoClaim | null;
  /** Why it failed, or is unknown. */
  readonly reason: string | null;
}

export interface UndoClaim {
  readonly id: string;
  readonly by: Principal;
  readonly at: number;
}
