import { StageflowError, type StageflowErrorInit } from '../../errors/index.js';

export interface ModelErrorInit extends Omit<StageflowErrorInit, 'code'> {
  readonly code?: 'MODEL_FAILED' | 'MODEL_ANSWER_INVALID';
  /** The HTTP status of the answer, if there was one. */
  readonly status?: number | null;
  readonly retryable: boolean;
  /** How long the other side asks to wait. */
  readonly retryAfterMs?: number | null;
}

/** A model could not be asked, or what it said could not be read. */
export class ModelError extends StageflowError {
  readonly status: number | null;
  /** Whether asking again can help. */
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;

  constructor(init: ModelErrorInit) {
    const { code = 'MODEL_FAILED', status = null, retryable, retryAfterMs = null, ...rest } = init;
    super({ ...rest, code, details: { status, ...init.details } });
    this.status = status;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}
