import { StageflowError } from '../errors/index.js';
import { messageOf } from '../stage/index.js';
import type { CancelScope } from './cancel-scope.js';

export function cancelledError(stage: string, reason: unknown): StageflowError {
  return new StageflowError({
    code: 'STAGE_CANCELLED',
    message: `Stage "${stage}" stopped because it was cancelled: ${messageOf(reason)}.`,
    details: { stage },
    cause: reason,
  });
}

export const DURATION_FIX = 'Give a number of milliseconds, 0 or more.';

export function isDuration(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY;
}

/** Why a call cannot be put under a limit; null if it can. */
export function limitRefusal(stage: string, scope: CancelScope, limitMs: number): StageflowError | null {
  if (scope.cancelled) return cancelledError(stage, scope.reason);
  return isDuration(limitMs) ? null : invalidNumber(stage, `was to be limited to ${limitMs} ms`, DURATION_FIX);
}

export function requireFraction(stage: string, fraction: number): void {
  if (fraction >= 0 && fraction <= 1) return;
  throw invalidNumber(stage, `reported progress of ${fraction}`, 'Give a number from 0 to 1.');
}

export function invalidNumber(stage: string, what: string, fix: string): StageflowError {
  return new StageflowError({
    code: 'RUN_INPUT_INVALID',
    message: `Stage "${stage}" ${what}.`,
    fix,
    details: { stage },
  });
}
