import { type ErrorCode, StageflowError } from '../../errors/index.js';
import type { UndoEntry } from './undo-entry.js';

type UndoCode = Extract<ErrorCode, `UNDO_${string}`>;

const FIXES: Partial<Record<UndoCode, string>> = {
  UNDO_FORBIDDEN: 'Let whoever made the call undo it, or somebody whom the undo policy allows to.',
  UNDO_FAILED: 'See the cause, and undo it with { again: true } once it can work.',
  UNDO_OUTCOME_UNKNOWN: 'Find out how far it got; then { again: true } undoes it nevertheless.',
};

export function undoError(code: UndoCode, entry: UndoEntry, why: string, cause?: unknown): StageflowError {
  const { id, callId, runId, tool } = entry;
  const fix = FIXES[code];
  return new StageflowError({
    code,
    message: `Call "${callId}" of tool "${tool}" was not undone: ${why}.`,
    ...(fix === undefined ? {} : { fix }),
    details: { entryId: id, callId, runId, tool },
    cause,
  });
}

/** The same for what never was and for what belongs to another tenant: nobody learns which. */
export function unknownCall(what: string): StageflowError {
  return new StageflowError({
    code: 'UNDO_UNKNOWN',
    message: `Nothing is known of such a ${what} that could be undone.`,
    fix: `Give the id of a ${what} of your tenant whose tools can be undone.`,
  });
}

export function ambiguousCall(callId: string): StageflowError {
  return new StageflowError({
    code: 'UNDO_AMBIGUOUS',
    message: `Several runs made a call with the id "${callId}".`,
    fix: 'Say which one is meant: { runId }.',
    details: { callId },
  });
}

/** @throws UNDO_OPTION_INVALID unless it holds */
export function demand(holds: boolean, option: string, expected: string): asserts holds {
  if (holds) return;
  throw new StageflowError({
    code: 'UNDO_OPTION_INVALID',
    message: `Undo was given a value for ${option} that is not ${expected}.`,
    fix: `Give ${option} as ${expected}.`,
    details: { option },
  });
}
