import { ErrorCategory, type ErrorClassification, type ErrorClassifier } from '../errors/index.js';
import { deepFreeze } from '../payload/index.js';
import {
  type Interceptor,
  InterceptorPriority,
  messageOf,
  type Next,
  type StageContext,
  type StageFailure,
  StageKind,
  StageOutput,
  type StageSpec,
} from '../stage/index.js';
import { checkOptions } from './check-options.js';
import { classifyFailure, failureOfOutput } from './failure-class.js';

/** Makes what stands in for the output: data, or a StageOutput such as a skip. */
export type MakeFallback = (
  failure: StageFailure,
  ctx: StageContext,
) => object | StageOutput | Promise<object | StageOutput>;

export interface FallbackOptions {
  /** What stands in for the output of a stage that failed. Data is frozen throughout, because all runs share it. */
  readonly use: object | MakeFallback;
  /**
   * For which failures. Default: all but refusals such as missing rights, mistakes in the program and cancellation, which a
   * fallback would hide.
   */
  readonly when?: (failure: StageFailure, classification: ErrorClassification) => boolean;
  /** Default: that of the application. */
  readonly classifier?: ErrorClassifier | null;
}

const HIDES_NOTHING: readonly ErrorCategory[] = [
  ErrorCategory.Transient,
  ErrorCategory.Permanent,
  ErrorCategory.Systemic,
  ErrorCategory.Unknown,
];

const DEFAULTS = {
  when: (_: StageFailure, { category }: ErrorClassification) => HIDES_NOTHING.includes(category),
  classifier: null,
};

/**
 * Hands on something else when a stage failed for good: an older value, an empty list. The event `fallback.used` tells of
 * each. Where the fallback itself fails, the stage's own failure stands. Guards have no fallback: one that fails has not let
 * anything through.
 */
export class FallbackInterceptor implements Interceptor {
  /** Outside of everything that tries to get the real output, and of what would keep a fallback for later. */
  readonly priority = InterceptorPriority.Resilience - 30;
  readonly #options: Required<FallbackOptions>;

  constructor(options: FallbackOptions) {
    this.#options = { ...DEFAULTS, ...options };
    const { use, when, classifier } = this.#options;
    if (typeof use === 'object') deepFreeze(use); // all runs share it
    const isUse = typeof use === 'function' || (typeof use === 'object' && use !== null);
    checkOptions('FallbackInterceptor', [
      [isUse, 'use', use, 'data, or a function that makes it'],
      [typeof when === 'function', 'when', when, 'a function of the failure'],
      [
        classifier === null || typeof classifier.classify === 'function',
        'classifier',
        classifier,
        'an ErrorClassifier',
      ],
    ]);
  }

  static with(options: FallbackOptions): FallbackInterceptor {
    return new FallbackInterceptor(options);
  }

  appliesTo({ kind }: StageSpec): boolean {
    return kind !== StageKind.Guard;
  }

  async intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    const output = await next();
    const failure = failureOfOutput(output, ctx);
    if (failure === null || ctx.cancelled) return output;
    const { when, classifier } = this.#options;
    if (!when(failure, classifyFailure(classifier, failure, ctx))) return output;
    try {
      const fallback = await this.#make(failure, ctx);
      ctx.emit('fallback.used', { code: failure.code });
      return fallback;
    } catch (error) {
      ctx.logger.warn('A fallback failed; the failure of the stage stands.', { error: messageOf(error) });
      return output;
    }
  }

  async #make(failure: StageFailure, ctx: StageContext): Promise<StageOutput> {
    const { use } = this.#options;
    const made: unknown = typeof use === 'function' ? await (use as MakeFallback)(failure, ctx) : use;
    if (made instanceof StageOutput) return made;
    if (typeof made !== 'object' || made === null) throw new TypeError('A fallback is data or a StageOutput.');
    return StageOutput.ok(made);
  }
}
