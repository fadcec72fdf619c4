import { StageflowError } from '../errors/index.js';

/** Thrown into the onion when a limit passes. `retryable`: a second attempt may well be faster. */
export class LimitPassedError extends StageflowError {
  readonly retryable = true;

  constructor(stage: string, limitMs: number) {
    super({
      code: 'STAGE_TIMEOUT',
      message: `Stage "${stage}" took longer than its limit of ${limitMs} ms.`,
      fix: 'Pass ctx.signal to whatever it waits for, or raise the limit.',
      details: { stage, limitMs },
    });
  }
}

/** Safe for anything that can be thrown: a revoked proxy refuses even `instanceof`. */
export function isLimitPassed(error: unknown): error is LimitPassedError {
  try {
    return error instanceof LimitPassedError;
  } catch {
    return false;
  }
}
