/*
 * The onion. Each layer is wrapped once per graph, never per call, so order cannot drift between runs.
 *
 * Invariants
 *  1. A StageCall never rejects: whatever goes wrong inside becomes an output with status `fail`.
 *  2. A layer has at most one `next()` in flight. A second one does not run the stage, and fails it even if the layer
 *     looks away.
 *  3. What a layer throws is reported with the layer's name; what the stage threw is not.
 *  4. A layer may hand `next()` only a context made for this very execution.
 */
import type { StageflowError } from '../errors/index.js';
import { type Interceptor, type Next, type StageContext, StageOutput } from '../stage/index.js';
import { contextInvalid, failureOf, nextInFlight, resultInvalid } from './layer-failures.js';

/** Runs a stage, or a layer and all inside it. */
export type StageCall = (ctx: StageContext, caller?: NextCall) => Promise<StageOutput>;

/** The `next()` that a call came from; told when the call has settled. */
interface NextCall {
  inFlight: boolean;
  misuse: StageflowError | null;
}

/** What a chain of layers is put around. */
export interface Core {
  /** Runs the stage itself. Never rejects. */
  readonly body: (ctx: StageContext) => Promise<StageOutput>;
  /** Whether a context that a layer hands on was made for the same execution as `ctx`. */
  readonly belongs: (given: unknown, ctx: StageContext) => boolean;
}

/** @param interceptors outermost first */
export function compose(interceptors: readonly Interceptor[], core: Core): StageCall {
  const { belongs } = core;
  return interceptors.reduceRight<StageCall>(
    (inner, interceptor) => layer(interceptor, inner, belongs),
    settling(core.body),
  );
}

/** Makes the innermost call tell its `next()` that it has settled, as every layer does. */
function settling(body: Core['body']): StageCall {
  return (ctx, caller) =>
    body(ctx).then((output) => {
      if (caller !== undefined) caller.inFlight = false;
      return output;
    });
}

function layer(interceptor: Interceptor, inner: StageCall, belongs: Core['belongs']): StageCall {
  return (ctx, caller) => {
    const call: NextCall = { inFlight: false, misuse: null };
    const next: Next = (given = ctx) => {
      if (call.inFlight) return refuse(call, nextInFlight(interceptor, ctx));
      if (given !== ctx && !belongs(given, ctx)) return refuse(call, contextInvalid(interceptor, ctx));
      call.inFlight = true;
      return inner(given, call);
    };
    const settle = (output: StageOutput): StageOutput => {
      if (caller !== undefined) caller.inFlight = false;
      return call.misuse === null ? output : StageOutput.fail(call.misuse, { retryable: false });
    };
    let result: StageOutput | Promise<StageOutput>;
    try {
      result = interceptor.intercept(ctx, next);
    } catch (error) {
      return Promise.resolve(settle(failureOf(interceptor, ctx, error)));
    }
    return Promise.resolve(result).then(
      (output) => settle(output instanceof StageOutput ? output : resultInvalid(interceptor, ctx, output)),
      (error: unknown) => settle(failureOf(interceptor, ctx, error)),
    );
  };
}

/** Remembered, because a layer that does not look at this call would otherwise hide it. */
function refuse(call: NextCall, misuse: StageflowError): Promise<StageOutput> {
  call.misuse = misuse;
  return Promise.resolve(StageOutput.fail(misuse, { retryable: false }));
}
