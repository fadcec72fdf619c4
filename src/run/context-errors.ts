import { StageflowError } from '../errors/index.js';
import { messageOf } from '../stage/index.js';

export function cancelledError(stage: string, reason: unknown): StageflowError {
  return new StageflowError({
    code: 'STAGE_CANCELLED',
    message: `Stage "${stage}" stopped because it was cancelled: ${messageOf(reason)}.`,
    details: { stage },
    cause: reason,
  });
}

export function invalidNumber(stage: string, what: string, fix: string): StageflowError {
  return new StageflowError({
    code: 'RUN_INPUT_INVALID',
    message: `Stage "${stage}" ${what}.`,
    fix,
    details: { stage },
  });
}
