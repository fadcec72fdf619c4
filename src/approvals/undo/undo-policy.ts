import { type Decider, isSame, principalOf } from '../approval/decider.js';
import type { UndoEntry } from './undo-entry.js';

/** Who may undo a call. Asked after their tenant has been compared with that of the call. `true` allows; one that throws denies. */
export interface UndoPolicy {
  mayUndo(entry: UndoEntry, by: Decider): boolean | Promise<boolean>;
}

export interface UndoerOptions {
  /** Whether whoever made the call may undo it. Default true. */
  readonly caller?: boolean;
  /** Any one of these. Default: none. */
  readonly roles?: readonly string[];
}

/** The usual policy: whoever made the call, and whoever has one of the roles. */
export function undoers({ caller = true, roles = [] }: UndoerOptions = {}): UndoPolicy {
  return {
    mayUndo: ({ madeBy }, { auth }) => (caller && isSame(madeBy, principalOf(auth))) || auth.hasAnyRole(...roles),
  };
}

export async function mayUndo(policy: UndoPolicy, entry: UndoEntry, by: Decider): Promise<boolean> {
  if (principalOf(by.auth) === null) return false;
  try {
    return (await policy.mayUndo(entry, by)) === true;
  } catch {
    return false; // One that throws denies.
  }
}
