import { type Interceptor, type Next, type StageContext, type StageFailure, StageOutput } from '../stage/index.js';
import { failureOfOutput } from './failure-class.js';

/** What a hook may give: an output that stands from there on, or nothing to leave things as they are. */
export type HookAnswer = StageOutput | void;

/**
 * Write hooks instead of an onion when that is all you need: before, after, and on failure. Each is optional.
 *
 * Order: `before` of the outer interceptors first; then the stage; then, from the inside out, `onError` if it failed, and
 * `after`. `after` sees every outcome, that of `before` or `onError` included. If `before` throws, nothing further in runs
 * and neither does this interceptor's `after`. What a hook throws fails the stage, with the interceptor named. For what
 * belongs to one call, write `intercept` yourself: there it is a local variable.
 */
export abstract class BaseInterceptor implements Interceptor {
  /** Called before the stage. An output that it gives is the stage's output, and the stage does not run. */
  before?(ctx: StageContext): HookAnswer | Promise<HookAnswer>;

  /** Called when the stage failed, or asks to be tried again. An output that it gives stands instead: a fallback. */
  onError?(ctx: StageContext, failure: StageFailure): HookAnswer | Promise<HookAnswer>;

  /** Called with whatever came of it. An output that it gives stands instead. */
  after?(ctx: StageContext, output: StageOutput): HookAnswer | Promise<HookAnswer>;

  async intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    const answer = await this.before?.(ctx);
    const output = answer instanceof StageOutput ? answer : await this.#guarded(ctx, next);
    const last = await this.after?.(ctx, output);
    return last instanceof StageOutput ? last : output;
  }

  async #guarded(ctx: StageContext, next: Next): Promise<StageOutput> {
    const output = await next();
    const failure = this.onError === undefined ? null : failureOfOutput(output, ctx);
    if (failure === null) return output;
    const answer = await this.onError?.(ctx, failure);
    return answer instanceof StageOutput ? answer : output;
  }
}
