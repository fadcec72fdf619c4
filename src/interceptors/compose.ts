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
import { type Interceptor, type Next, type StageContext, StageOutput, type StageSpec } from '../stage/index.js';
import { contextInvalid, failureOf, nextInFlight, resultInvalid } from './layer-failures.js';

/** Runs a stage, or a layer and all inside it. */
export type StageCall = (ctx: StageContext) => Promise<StageOutput>;

/** What a chain of layers is put around. */
export interface Core {
  /** Runs the stage itself. Never rejects. */
  readonly body: StageCall;
  /** Whether a context that a layer hands on was made for the same execution as `ctx`. */
  readonly belongs: (given: unknown, ctx: StageContext) => boolean;
}

/** @param interceptors outermost first */
export function compose(interceptors: readonly Interceptor[], core: Core, stage: StageSpec): StageCall {
  return interceptors.reduceRight<StageCall>(
    (inner, interceptor) => new Layer(interceptor, inner, core.belongs, stage).call,
    core.body,
  );
}

/** What a layer did wrong with `next()`. Kept, because a layer that looks away from that call would otherwise hide it. */
interface Misuse {
  error: StageflowError | null;
}

class Layer {
  readonly #interceptor: Interceptor;
  readonly #inner: StageCall;
  readonly #belongs: Core['belongs'];
  readonly #stage: StageSpec;

  constructor(interceptor: Interceptor, inner: StageCall, belongs: Core['belongs'], stage: StageSpec) {
    this.#interceptor = interceptor;
    this.#inner = inner;
    this.#belongs = belongs;
    this.#stage = stage;
  }

  readonly call: StageCall = (ctx) => {
    const inner = this.#inner;
    let pending: Promise<StageOutput> | null = null;
    let misuse: Misuse | null = null;
    const next: Next = (given) => {
      if (pending === null && (given === undefined || given === ctx)) pending = inner(ctx);
      else {
        misuse ??= { error: null };
        pending = this.unusual(pending, ctx, given === undefined ? ctx : given, misuse);
      }
      return pending;
    };
    let result: StageOutput | Promise<StageOutput>;
    try {
      result = this.#interceptor.intercept(ctx, next);
    } catch (error) {
      return Promise.resolve(this.broken(error));
    }
    return Promise.resolve(result).then(
      (output) => (misuse === null && output instanceof StageOutput ? output : this.checked(output, misuse)),
      this.broken,
    );
  };

  /** A second call of `next()`, or one with a context. @param earlier what the call before gave */
  private async unusual(
    earlier: Promise<StageOutput> | null,
    ctx: StageContext,
    given: StageContext,
    misuse: Misuse,
  ): Promise<StageOutput> {
    if (given !== ctx && !this.#belongs(given, ctx)) {
      return refuse(misuse, contextInvalid(this.#interceptor, this.#stage));
    }
    if (earlier !== null) {
      // Nothing is kept while a call is in flight: what has settled answers within one turn of the queue.
      let hasSettled = false;
      earlier.then(() => {
        hasSettled = true;
      });
      await null;
      if (!hasSettled) return refuse(misuse, nextInFlight(this.#interceptor, this.#stage));
    }
    return this.#inner(given);
  }

  private checked(output: unknown, misuse: Misuse | null): StageOutput {
    if (misuse !== null && misuse.error !== null) return StageOutput.fail(misuse.error, { retryable: false });
    return output instanceof StageOutput ? output : resultInvalid(this.#interceptor, this.#stage, output);
  }

  private readonly broken = (error: unknown): StageOutput => failureOf(this.#interceptor, this.#stage, error);
}

function refuse(misuse: Misuse, error: StageflowError): StageOutput {
  misuse.error = error;
  return StageOutput.fail(error, { retryable: false });
}
