import {
  type InlineInterceptor,
  InterceptorPriority,
  InterceptorRole,
  type StageContext,
  type StageOutput,
} from '../stage/index.js';

/** Makes spans of stages. `S` is whatever stands for a span. */
export interface StageTracer<S = unknown> {
  startStage(ctx: StageContext): S;
  /** Every span that was started is ended once, with how the stage ended, cancelled and abandoned stages included. */
  endStage(span: S, output: StageOutput, ctx: StageContext): void;
}

/** A span for every execution of a stage, all attempts included. */
export class TracingInterceptor<S> implements InlineInterceptor<S> {
  readonly priority = InterceptorPriority.Observability;
  readonly role = InterceptorRole.Observer;
  readonly #tracer: StageTracer<S>;

  constructor(tracer: StageTracer<S>) {
    this.#tracer = tracer;
  }

  before(ctx: StageContext): S {
    return this.#tracer.startStage(ctx);
  }

  after(ctx: StageContext, output: StageOutput, span: S): void {
    this.#tracer.endStage(span, output, ctx);
  }
}
