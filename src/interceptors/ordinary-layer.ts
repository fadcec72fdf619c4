/*
 * A layer written as `intercept(ctx, next)`. It costs the promise of its own function and the one that keeps what `compose`
 * promises; nothing else is made for a call that behaves. The outermost one does without the second.
 */
import type { StageflowError } from '../errors/index.js';
import { type Interceptor, type Next, type StageContext, StageOutput } from '../stage/index.js';
import type { Core, LayerPlace, OutermostCall, StageCall } from './core.js';
import { contextInvalid, failureOf, nextInFlight, resultInvalid } from './layer-failures.js';

/** Two ways to call a layer and all inside it. */
export interface OrdinaryLayer {
  readonly within: StageCall;
  readonly outermost: OutermostCall;
}

export function ordinaryLayer(
  interceptor: Interceptor,
  inner: StageCall,
  core: Core,
  place: LayerPlace,
): OrdinaryLayer {
  const checked = (output: unknown): StageOutput =>
    output instanceof StageOutput ? output : resultInvalid(interceptor, place, output);
  const broken = (error: unknown): StageOutput => failureOf(interceptor, place, error);
  const again = new SecondCalls(interceptor, inner, core, place);
  const call = (ctx: StageContext): Promise<unknown> => {
    let pending: Promise<StageOutput> | null = null;
    const next: Next = (given) => {
      if (pending === null && (given === undefined || given === ctx)) pending = inner(ctx);
      else pending = again.call(pending, ctx, given === undefined ? ctx : given);
      return pending;
    };
    try {
      return Promise.resolve(interceptor.intercept(ctx, next));
    } catch (error) {
      return Promise.reject(error);
    }
  };
  return {
    within: (ctx) => call(ctx).then(checked, broken),
    outermost: (ctx, settle) => {
      call(ctx).then(
        (output) => settle(checked(output)),
        (error: unknown) => settle(broken(error)),
      );
    },
  };
}

/** A second call of `next()`, or one with a context of its own. */
class SecondCalls {
  readonly #interceptor: Interceptor;
  readonly #inner: StageCall;
  readonly #core: Core;
  readonly #place: LayerPlace;

  constructor(interceptor: Interceptor, inner: StageCall, core: Core, place: LayerPlace) {
    this.#interceptor = interceptor;
    this.#inner = inner;
    this.#core = core;
    this.#place = place;
  }

  /** @param earlier what the call before gave */
  async call(earlier: Promise<StageOutput> | null, ctx: StageContext, given: StageContext): Promise<StageOutput> {
    if (given !== ctx && !this.#core.belongs(given, ctx)) {
      return this.#refuse(ctx, contextInvalid(this.#interceptor, this.#place));
    }
    if (earlier !== null) {
      // Nothing is kept while a call is in flight: what has settled answers within one turn of the queue.
      let hasSettled = false;
      earlier.then(() => {
        hasSettled = true;
      });
      await null;
      if (!hasSettled) return this.#refuse(ctx, nextInFlight(this.#interceptor, this.#place));
    }
    return this.#inner(given);
  }

  /** The refusal stands, because a layer that looks away from this call would otherwise hide it. */
  #refuse(ctx: StageContext, error: StageflowError): StageOutput {
    const refusal = StageOutput.fail(error, { retryable: false });
    this.#core.sealed(ctx, refusal);
    return refusal;
  }
}
