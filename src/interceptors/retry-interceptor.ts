import { type ErrorClassification, type ErrorClassifier } from '../errors/index.js';
import {
  type Interceptor,
  InterceptorPriority,
  type Next,
  type StageContext,
  type StageFailure,
  StageKind,
  StageOutput,
  StageStatus,
  ToolEffect,
} from '../stage/index.js';
import { BackoffJitter, type BackoffOptions, BackoffStrategy, backoffMs } from './backoff.js';
import { checkOptions, isCount, isDurationMs } from './check-options.js';
import { classifyFailure, failureOfOutput } from './failure-class.js';
import { RefusedError } from './refused-error.js';
import { AttemptList } from './retry-attempt.js';

export interface RetryOptions extends BackoffOptions {
  /** How often the stage is tried in all, the first time included. At least 1. */
  readonly attempts: number;
  /**
   * No attempt starts later than this after the first one did, in ms: a wait that would end later is not begun, and the
   * last failure stands. It does not end an attempt that runs; that is what a timeout is for. Default: no limit.
   */
  readonly withinMs?: number | null;
  /**
   * The longest wait that a provider may ask for, in ms. Where it asks for more, the last failure stands at once. Default
   * 300,000. A breaker or rate limit inside is waited for no longer than 5,000.
   */
  readonly maxRetryAfterMs?: number;
  /**
   * Whether work and agent stages may be run again after a failure, because doing their work twice does no harm. Default
   * false: nobody knows how far such a stage got, so it is only run again if it asks for it with `StageOutput.retry`, or
   * if a breaker, bulkhead or rate limit inside did not let it run.
   */
  readonly idempotent?: boolean;
  /**
   * Whether this failure may be tried again. Default: what it says in its own `retryable`, else what the classifier says:
   * transient and unknown failures are, all others are not.
   */
  readonly retryIf?: (failure: StageFailure, classification: ErrorClassification) => boolean;
  /** Default: that of the application. */
  readonly classifier?: ErrorClassifier | null;
}

const DEFAULTS = {
  delayMs: 100,
  strategy: BackoffStrategy.Exponential,
  factor: 2,
  maxDelayMs: 30_000,
  jitter: BackoffJitter.None,
  random: Math.random,
  withinMs: null,
  maxRetryAfterMs: 300_000,
  idempotent: false,
  retryIf: (_: StageFailure, { retryable }: ErrorClassification) => retryable,
  classifier: null,
};

/** An open breaker is there to fail fast: a refusal inside that lasts longer than this, in ms, is not waited for. */
const LONGEST_REFUSAL_MS = 5_000;

const EFFECT_HINT =
  'It was not tried again: it may have had its effect already. If doing it twice does no harm, say idempotent: true.';

/**
 * Tries a stage again when it throws, returns `fail`, or asks for it with `StageOutput.retry`. Waits as long as the stage
 * or a `Retry-After` of its provider asks, and longer each time. When the attempts are used up the last failure stands,
 * with `attempts` in its data unless it has data of its own.
 */
export class RetryInterceptor implements Interceptor {
  readonly priority = InterceptorPriority.Resilience;
  readonly #options: Required<RetryOptions>;

  constructor(options: RetryOptions) {
    this.#options = { ...DEFAULTS, ...options };
    rejectInvalid(this.#options);
  }

  static with(options: RetryOptions): RetryInterceptor {
    return new RetryInterceptor(options);
  }

  async intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    const { attempts, retryIf, classifier } = this.#options;
    const startedAt = ctx.clock.now();
    const list = new AttemptList();
    for (let attempt = 1, waitedMs: number | null = null; ; attempt++) {
      const output = await next();
      const failure = failureOfOutput(output, ctx);
      if (failure === null) return output;
      const failed = output.failure === null ? StageOutput.fail(failure.error, { retryable: true }) : output;
      const found = classifyFailure(classifier, failure, ctx);
      if (ctx.cancelled || !retryIf(failure, found)) return failed;
      if (this.#mayHaveHadEffect(ctx, output, failure)) return attempts > 1 ? withHint(failed, EFFECT_HINT) : failed;
      const backoff: number = backoffMs(this.#options, attempt, waitedMs);
      const delayMs = atLeast(backoff, output.afterMs, found.retryAfterMs);
      const isOver =
        attempt >= attempts || !this.#hasTime(ctx, startedAt, delayMs) || this.#isAskedTooMuch(ctx, failure, found);
      list.add(failure, found, isOver ? null : delayMs);
      if (isOver) return attempts > 1 ? exhausted(ctx, failure, list.attachTo(failed)) : failed;
      ctx.retryScheduled(delayMs, failure);
      await ctx.sleep(delayMs);
      waitedMs = backoff;
    }
  }

  #hasTime({ clock }: StageContext, startedAt: number, delayMs: number): boolean {
    const { withinMs } = this.#options;
    return withinMs === null || clock.now() + delayMs - startedAt <= withinMs;
  }

  #isAskedTooMuch(ctx: StageContext, { error }: StageFailure, { retryAfterMs }: ErrorClassification): boolean {
    const longestMs = RefusedError.isRefusalOf(error, ctx) ? LONGEST_REFUSAL_MS : this.#options.maxRetryAfterMs;
    return retryAfterMs !== null && retryAfterMs > longestMs;
  }

  #mayHaveHadEffect(ctx: StageContext, output: StageOutput, { error }: StageFailure): boolean {
    const { stage, tool } = ctx;
    if (tool !== null && tool.effect === ToolEffect.Irreversible) return !RefusedError.isRefusalOf(error, ctx);
    if (this.#options.idempotent || output.status === StageStatus.Retry || RefusedError.isRefusalOf(error, ctx)) {
      return false; // it is said to do no harm, it asked for it, or it did not run
    }
    if (tool !== null) return tool.effect === ToolEffect.Reversible;
    return stage.kind === StageKind.Work || stage.kind === StageKind.Agent;
  }
}

function exhausted(ctx: StageContext, failure: StageFailure, output: StageOutput): StageOutput {
  ctx.retryExhausted(failure);
  return output;
}

/** What is asked for is only heard if it is a time. */
function atLeast(delayMs: number, ...asked: readonly (number | null)[]): number {
  return Math.max(delayMs, ...asked.filter((value): value is number => value !== null && Number.isFinite(value)));
}

function withHint(output: StageOutput, hint: string): StageOutput {
  const { failure, data } = output;
  if (failure === null || failure.hint !== null) return output;
  const { error, code, retryable } = failure;
  return StageOutput.fail(error, {
    code,
    hint,
    ...(retryable === null ? {} : { retryable }),
    ...(data ? { data } : {}),
  });
}

function rejectInvalid(options: Required<RetryOptions>): void {
  const { attempts, delayMs, factor, maxDelayMs, strategy, jitter, withinMs, random, retryIf, classifier } = options;
  const { maxRetryAfterMs } = options;
  const strategies: readonly unknown[] = Object.values(BackoffStrategy);
  const jitters: readonly unknown[] = Object.values(BackoffJitter);
  checkOptions('RetryInterceptor', [
    [isCount(attempts), 'attempts', attempts, 'a whole number, at least 1'],
    [isDurationMs(delayMs), 'delayMs', delayMs, 'milliseconds, 0 or more'],
    [factor >= 1, 'factor', factor, 'a number, at least 1'],
    [isDurationMs(maxDelayMs), 'maxDelayMs', maxDelayMs, 'milliseconds, 0 or more'],
    [strategies.includes(strategy), 'strategy', strategy, strategies.join(' or ')],
    [jitters.includes(jitter), 'jitter', jitter, jitters.join(' or ')],
    [withinMs === null || isDurationMs(withinMs), 'withinMs', withinMs, 'milliseconds, 0 or more, or null'],
    [maxRetryAfterMs >= 0, 'maxRetryAfterMs', maxRetryAfterMs, 'milliseconds, 0 or more'],
    [typeof random === 'function', 'random', random, 'a function that gives numbers from 0 to 1'],
    [typeof retryIf === 'function', 'retryIf', retryIf, 'a function of the failure'],
    [
      classifier === null || typeof classifier.classify === 'function',
      'classifier',
      classifier,
      'an object with classify(error, nowMs)',
    ],
  ]);
}
