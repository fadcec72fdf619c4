import type { StageflowError } from '../../errors/index.js';
import type { UndoEntry } from './undo-entry.js';

interface ReportedCall {
  readonly callId: string;
  readonly tool: string;
}

/** What became of the calls of a run, in the order in which they were looked at: the last call first. */
export interface UndoReport {
  /** `earlier`: it had been undone before. */
  readonly undone: readonly (ReportedCall & { readonly earlier: boolean })[];
  /** Nothing was done about these: too old, being undone by somebody else, or not theirs to undo. */
  readonly stands: readonly (ReportedCall & { readonly reason: string })[];
  /** These should be undone and are not, or nobody knows. */
  readonly failed: readonly (ReportedCall & { readonly reason: string; readonly error: StageflowError })[];
}

/** The tool of a call is gone: what it did should be undone, and nobody can. */
export function isToolGone({ cause }: StageflowError): boolean {
  return cause === TOOL_GONE;
}

/** The cause of UNDO_NOT_POSSIBLE where there is no tool. */
export const TOOL_GONE = 'the tool is unknown, or has no undo';

type Mutable<R> = { -readonly [Part in keyof R]: R[Part] extends readonly (infer T)[] ? T[] : never };

export class UndoTally {
  readonly #report: Mutable<UndoReport> = { undone: [], stands: [], failed: [] };

  get report(): UndoReport {
    return this.#report;
  }

  undone({ callId, tool }: UndoEntry, earlier: boolean): void {
    this.#report.undone.push({ callId, tool, earlier });
  }

  stands({ callId, tool }: UndoEntry, reason: string): void {
    this.#report.stands.push({ callId, tool, reason });
  }

  /** What was left alone stands; what was tried, what cannot be tried and what nobody knows of has failed. */
  notUndone(entry: UndoEntry, error: StageflowError): void {
    const { callId, tool } = entry;
    const reason = error.summary;
    if (error.code === 'UNDO_NOT_POSSIBLE' && !isToolGone(error)) this.stands(entry, reason);
    else this.#report.failed.push({ callId, tool, reason, error });
  }
}
