import { StageflowError } from '../errors/index.js';
import {
  type Interceptor,
  InterceptorPriority,
  type Next,
  type StageContext,
  type StageFailure,
  StageOutput,
  StageStatus,
} from '../stage/index.js';

export interface RetryOptions {
  /** How often the stage is tried in all, the first time included. At least 1. */
  readonly attempts: number;
  /** Wait before the second attempt, in ms. Default 100. */
  readonly delayMs?: number;
  /** Each further wait is this many times the one before. Default 2; 1 for a constant wait. */
  readonly factor?: number;
  /** No wait is longer, in ms, unless the stage asked for it. Default 30,000. */
  readonly maxDelayMs?: number;
  /**
   * Whether this failure may be tried again. Default: unless it says `retryable: false`, or stageflow itself reports a
   * mistake in the program, such as an undeclared read.
   */
  readonly retryIf?: (failure: StageFailure) => boolean;
}

/**
 * Tries a stage again when it throws, returns `fail`, or asks for it with `StageOutput.retry`. When the attempts are
 * used up, the last failure stands.
 */
export class RetryInterceptor implements Interceptor {
  readonly priority = InterceptorPriority.Resilience;
  readonly #options: Required<RetryOptions>;

  constructor(options: RetryOptions) {
    this.#options = { delayMs: 100, factor: 2, maxDelayMs: 30_000, retryIf: canRetry, ...options };
    rejectInvalid(this.#options);
  }

  static with(options: RetryOptions): RetryInterceptor {
    return new RetryInterceptor(options);
  }

  async intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    const { attempts, retryIf } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const output = await next();
      const failure = failureOf(output, ctx, attempt);
      if (failure === null) return output;
      const failed = output.failure === null ? StageOutput.fail(failure.error, { retryable: true }) : output;
      if (ctx.cancelled || !retryIf(failure)) return failed;
      if (attempt >= attempts) {
        if (attempts > 1) ctx.retryExhausted(failure);
        return failed;
      }
      const delayMs = this.#delayAfter(attempt, output.afterMs);
      ctx.retryScheduled(delayMs, failure);
      await ctx.sleep(delayMs);
    }
  }

  #delayAfter(attempt: number, askedMs: number | null): number {
    const { delayMs, factor, maxDelayMs } = this.#options;
    // 0 times an overflowed factor is NaN; and what a stage asks for is only heard if it is a time.
    const grown = delayMs === 0 ? 0 : Math.min(delayMs * factor ** (attempt - 1), maxDelayMs);
    return askedMs !== null && Number.isFinite(askedMs) ? Math.max(grown, askedMs) : grown;
  }
}

function failureOf(output: StageOutput, ctx: StageContext, attempt: number): StageFailure | null {
  if (output.status === StageStatus.Fail) return output.failure;
  if (output.status !== StageStatus.Retry) return null;
  const error = new StageflowError({
    code: 'STAGE_RETRY_EXHAUSTED',
    message: `Stage "${ctx.stage.name}" asked to be retried in attempt ${attempt}: ${output.reason}.`,
    fix: 'Allow more attempts in RetryInterceptor, or let the stage return fail.',
    details: { stage: ctx.stage.name, attempt, reason: output.reason },
  });
  return { error, code: error.code, retryable: true, hint: null };
}

function canRetry(failure: StageFailure): boolean {
  return failure.retryable ?? !(failure.error instanceof StageflowError);
}

function rejectInvalid({ attempts, delayMs, factor, maxDelayMs }: Required<RetryOptions>): void {
  const problem = !(Number.isInteger(attempts) && attempts >= 1)
    ? `attempts ${String(attempts)}: give a whole number, at least 1.`
    : !(delayMs >= 0)
      ? `delayMs ${String(delayMs)}: give milliseconds, 0 or more.`
      : !(factor >= 1)
        ? `factor ${String(factor)}: give a number, at least 1.`
        : !(maxDelayMs >= 0)
          ? `maxDelayMs ${String(maxDelayMs)}: give milliseconds, 0 or more.`
          : null;
  if (problem === null) return;
  throw new StageflowError({
    code: 'METADATA_OPTION_INVALID',
    message: `RetryInterceptor was given ${problem}`,
    details: { attempts, delayMs, factor, maxDelayMs },
  });
}
