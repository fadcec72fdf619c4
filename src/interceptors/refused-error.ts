import { type ErrorCode, StageflowError } from '../errors/index.js';
import type { StageContext } from '../stage/index.js';

export interface RefusedErrorInit {
  readonly code: ErrorCode;
  /** Continues `Stage "Fetch" was not run: `. */
  readonly because: string;
  readonly fix: string;
  /** The shortest wait after which a call may be let through, in ms. */
  readonly retryAfterMs: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A stage was not run, to keep harm away: nothing of it happened, and it may be tried again later. */
export class RefusedError extends StageflowError {
  readonly retryable = true;
  readonly retryAfterMs: number;
  /** Weak, because errors are kept longer than what belongs to a run. */
  readonly #refused: WeakRef<StageContext>;

  constructor(ctx: StageContext, { code, because, fix, retryAfterMs, details }: RefusedErrorInit) {
    const { name } = ctx.stage;
    super({
      code,
      message: `Stage "${name}" was not run: ${because}.`,
      fix,
      details: { stage: name, pipeline: ctx.pipeline, retryAfterMs, ...details },
    });
    this.retryAfterMs = retryAfterMs;
    this.#refused = new WeakRef(ctx);
  }

  /** Whether `error` says that this very execution was refused, and not something that it did. */
  static isRefusalOf(error: unknown, ctx: StageContext): boolean {
    return typeof error === 'object' && error !== null && #refused in error && error.#refused.deref() === ctx;
  }
}
