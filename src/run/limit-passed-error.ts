import { StageflowError } from '../errors/index.js';

/** Thrown into the onion when a limit passes. `retryable`: a second attempt may well be faster. */
export class LimitPassedError extends StageflowError {
  readonly retryable = true;

  /** @param wasQuiet it was not the whole time that was too long, but the time since its last sign of life */
  constructor(stage: string, limitMs: number, wasQuiet: boolean) {
    super({
      code: 'STAGE_TIMEOUT',
      message: wasQuiet
        ? `Stage "${stage}" has reported no progress for ${limitMs} ms.`
        : `Stage "${stage}" took longer than its limit of ${limitMs} ms.`,
      fix: wasQuiet
        ? 'Call ctx.progress while it works, or allow more time without.'
        : 'Pass ctx.signal to whatever it waits for, or raise the limit.',
      details: { stage, limitMs, ...(wasQuiet ? { heartbeat: true } : {}) },
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
