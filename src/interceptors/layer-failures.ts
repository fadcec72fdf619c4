/* What a layer of the onion can do wrong, as failures that name it. */
import { StageflowError } from '../errors/index.js';
import { type AnyInterceptor, StageOutput } from '../stage/index.js';
import type { LayerPlace } from './core.js';
import { interceptorName } from './order.js';

/** Errors that the context throws on the engine's behalf pass through layers unnamed: they are not the layer's fault. */
const PASSING: ReadonlySet<string> = new Set(['STAGE_CANCELLED', 'STAGE_TIMEOUT']);

/** What a layer that threw, or rejected, makes of its stage. */
export function failureOf(interceptor: AnyInterceptor, place: LayerPlace, error: unknown): StageOutput {
  if (isForwarded(error)) return StageOutput.fail(error);
  const name = interceptorName(interceptor);
  return StageOutput.fail(
    new StageflowError({
      code: 'INTERCEPTOR_FAILED',
      message: `Interceptor "${name}" threw while it ran around ${place.what} "${place.name}"; the ${place.what} counts as failed.`,
      fix: 'See the cause. An interceptor that must not fail its stage has to catch its own errors.',
      details: { interceptor: name, [place.what]: place.name },
      cause: error,
    }),
    { retryable: false },
  );
}

/** Whether the layer only passed on that it was told to stop, or that a limit has passed. */
function isForwarded(error: unknown): boolean {
  try {
    return error instanceof StageflowError && PASSING.has(error.code);
  } catch {
    return false; // a revoked proxy refuses to be looked at
  }
}

export function nextInFlight(interceptor: AnyInterceptor, place: LayerPlace): StageflowError {
  const name = interceptorName(interceptor);
  return new StageflowError({
    code: 'INTERCEPTOR_NEXT_IN_FLIGHT',
    message: `Interceptor "${name}" called next() around ${place.what} "${place.name}" while its earlier call was still running.`,
    fix: 'Await next() before calling it again.',
    details: { interceptor: name, [place.what]: place.name },
  });
}

export function contextInvalid(interceptor: AnyInterceptor, place: LayerPlace): StageflowError {
  const name = interceptorName(interceptor);
  return new StageflowError({
    code: 'INTERCEPTOR_CONTEXT_INVALID',
    message: `Interceptor "${name}" passed next() a context that was not made for this execution of ${place.what} "${place.name}".`,
    fix: 'Pass the context that ctx.withTimeout gives, or nothing.',
    details: { interceptor: name, [place.what]: place.name },
  });
}

export function resultInvalid(interceptor: AnyInterceptor, place: LayerPlace, result: unknown): StageOutput {
  const name = interceptorName(interceptor);
  const type = result === null ? 'null' : `a value of type ${typeof result}`;
  return StageOutput.fail(
    new StageflowError({
      code: 'INTERCEPTOR_RESULT_INVALID',
      message: `Interceptor "${name}" returned ${type} around ${place.what} "${place.name}", not a StageOutput.`,
      fix: 'Return what next() gave, or a StageOutput of your own.',
      details: { interceptor: name, [place.what]: place.name },
    }),
    { retryable: false },
  );
}
