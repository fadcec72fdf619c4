/* Layers of the onion that are not ordinary: those that only look on, and those whose refusal stands. */
import type { Interceptor, StageOutput } from '../stage/index.js';
import type { Core, StageCall } from './core.js';

/**
 * The outcome is that of what is inside, which runs once whatever the observer does: also if it throws before it called
 * `next()`, or never does. The stage waits until the observer has finished.
 */
export function observing(interceptor: Interceptor, inner: StageCall, core: Core): StageCall {
  return async (ctx) => {
    let pending: Promise<StageOutput> | null = null;
    const once = (): Promise<StageOutput> => {
      pending ??= inner(ctx);
      return pending;
    };
    try {
      await interceptor.intercept(ctx, once);
    } catch (error) {
      core.contained(ctx, interceptor, error);
    }
    return once();
  };
}

/** Seals a failure that the layer made itself, by throwing or by an output of its own. @param around makes the layer */
export function securing(inner: StageCall, core: Core, around: (inner: StageCall) => StageCall): StageCall {
  const fromInside = new WeakSet<StageOutput>();
  const call = around((ctx) =>
    inner(ctx).then((output) => {
      fromInside.add(output);
      return output;
    }),
  );
  return (ctx) =>
    call(ctx).then((output) => {
      if (output.failure !== null && !fromInside.has(output)) core.sealed(ctx, output);
      return output;
    });
}
