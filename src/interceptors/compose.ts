/*
 * The onion around one stage. It is composed once per graph, never per call, so order cannot drift between runs.
 *
 * Invariants
 *  1. A StageCall never rejects: whatever goes wrong inside becomes an output with status `fail`.
 *  2. A layer has at most one `next()` in flight. A second one does not run the stage, and fails it even if the layer
 *     looks away.
 *  3. What a layer throws is reported with the layer's name; what the stage threw is not.
 *  4. A layer may hand `next()` only a context made for this very execution.
 *
 * A layer costs the promise of its own function and the one that keeps these promises; nothing else is made for a call
 * that behaves.
 */
import type { StageflowError } from '../errors/index.js';
import {
  type AnyInterceptor,
  type InlineInterceptor,
  type Interceptor,
  InterceptorRole,
  isInline,
  type Next,
  type StageContext,
  StageOutput,
} from '../stage/index.js';
import type { Core, LayerPlace, StageCall } from './core.js';
import { InlineChain } from './inline-chain.js';
import { contextInvalid, failureOf, nextInFlight, resultInvalid } from './layer-failures.js';
import { observing, securing } from './layer-roles.js';
import { roleOf } from './order.js';

/** @param interceptors outermost first */
export function compose(interceptors: readonly AnyInterceptor[], core: Core, place: LayerPlace): StageCall {
  let call = core.body;
  for (let end = interceptors.length; end > 0; ) {
    const interceptor = interceptors[end - 1] as AnyInterceptor;
    if (isInline(interceptor)) {
      let start = end - 1;
      while (start > 0 && isInline(interceptors[start - 1] as AnyInterceptor)) start--;
      call = inLine(new InlineChain(interceptors.slice(start, end) as InlineInterceptor[], core, place), call);
      end = start;
    } else {
      call = around(interceptor, call, core, place);
      end--;
    }
  }
  return call;
}

/** Neighbours that need no wait share one promise. */
function inLine(chain: InlineChain, inner: StageCall): StageCall {
  return (ctx) => {
    const call = chain.call(ctx);
    const answer = chain.enter(call);
    if (answer !== null) return Promise.resolve(chain.leave(call, answer));
    return inner(ctx).then((output) => chain.leave(call, output));
  };
}

function around(interceptor: Interceptor, inner: StageCall, core: Core, place: LayerPlace): StageCall {
  const ordinary = (within: StageCall): StageCall => layerOf(interceptor, within, core, place);
  switch (roleOf(interceptor)) {
    case InterceptorRole.Observer:
      return observing(interceptor, inner, core);
    case InterceptorRole.Security:
      return securing(inner, core, ordinary);
    default:
      return ordinary(inner);
  }
}

/**
 * One layer. It costs the promise of its own function and the one that keeps the promises above; nothing else is made for a
 * call that behaves.
 */
function layerOf(interceptor: Interceptor, inner: StageCall, core: Core, place: LayerPlace): StageCall {
  const checked = (output: unknown): StageOutput =>
    output instanceof StageOutput ? output : resultInvalid(interceptor, place, output);
  const broken = (error: unknown): StageOutput => failureOf(interceptor, place, error);
  const again = new SecondCalls(interceptor, inner, core, place);
  return (ctx) => {
    let pending: Promise<StageOutput> | null = null;
    const next: Next = (given) => {
      if (pending === null && (given === undefined || given === ctx)) pending = inner(ctx);
      else pending = again.call(pending, ctx, given === undefined ? ctx : given);
      return pending;
    };
    let result: StageOutput | Promise<StageOutput>;
    try {
      result = interceptor.intercept(ctx, next);
    } catch (error) {
      return Promise.resolve(broken(error));
    }
    return Promise.resolve(result).then(checked, broken);
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
