import type { UndoEntry, UndoState } from './undo-entry.js';

/** What an entry must be for a change to happen. */
export interface ExpectedEntry {
  readonly state: UndoState;
  /** The id of its claim; null for none. */
  readonly claimId: string | null;
}

/**
 * Keeps what can be undone. Implement it over a database that several processes share.
 *
 * Rules: `replace` is atomic, so that of any number of callers that expect the same one is told `true`. Entries are given
 * and kept as JSON; undefined is kept as absent, and `{}` as `{}`.
 */
export interface UndoStore {
  add(entry: UndoEntry): Promise<void>;
  /** Puts `entry` in the place of the one with its id, if that one is as expected. */
  replace(entry: UndoEntry, expected: ExpectedEntry): Promise<boolean>;
  /** Takes an open entry away. */
  remove(id: string): Promise<void>;
  /** All of a call, in any run, or in one; the newest first. */
  ofCall(tenant: string | null, callId: string, runId?: string): Promise<readonly UndoEntry[]>;
  /** All of a run; the newest first. */
  ofRun(tenant: string | null, runId: string): Promise<readonly UndoEntry[]>;
  /** Forgets what expired before. @returns how many */
  purge(before: number): Promise<number>;
}
