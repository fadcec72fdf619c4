/*
 * The onion around one stage. It is composed once per graph, never per call, so order cannot drift between runs.
 *
 * Invariants
 *  1. A StageCall never rejects: whatever goes wrong inside becomes an output with status `fail`.
 *  2. A layer has at most one `next()` in flight. A second one does not run the stage, and fails it even if the layer
 *     looks away.
 *  3. What a layer throws is reported with the layer's name; what the stage threw is not.
 *  4. A layer may hand `next()` only a context made for this very execution.
 */
import {
  type AnyInterceptor,
  type InlineInterceptor,
  type Interceptor,
  InterceptorRole,
  isInline,
} from '../stage/index.js';
import type { Core, LayerPlace, OutermostCall, StageCall } from './core.js';
import { InlineChain } from './inline-chain.js';
import { observing, securing } from './layer-roles.js';
import { roleOf } from './order.js';
import { ordinaryLayer } from './ordinary-layer.js';

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

/** The same for whoever only has to hear what became of it. @param interceptors outermost first */
export function composeOutermost(
  interceptors: readonly AnyInterceptor[],
  core: Core,
  place: LayerPlace,
): OutermostCall {
  const [first, ...rest] = interceptors;
  if (first !== undefined && !isInline(first) && roleOf(first) === InterceptorRole.Ordinary) {
    return ordinaryLayer(first, compose(rest, core, place), core, place).outermost;
  }
  return outermostOf(compose(interceptors, core, place));
}

export function outermostOf(call: StageCall): OutermostCall {
  return (ctx, settle) => {
    call(ctx).then(settle);
  };
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
  const ordinary = (within: StageCall): StageCall => ordinaryLayer(interceptor, within, core, place).within;
  switch (roleOf(interceptor)) {
    case InterceptorRole.Observer:
      return observing(interceptor, inner, core);
    case InterceptorRole.Security:
      return securing(inner, core, ordinary);
    default:
      return ordinary(inner);
  }
}
