import type { StageflowLogger } from '../events/index.js';
import type { AnyInterceptor } from '../stage/index.js';
import { LoggingInterceptor } from './logging-interceptor.js';
import { MetricsInterceptor, type StageMeter } from './metrics-interceptor.js';
import { PayloadSizeInterceptor, type PayloadSizeOptions } from './payload-size-interceptor.js';
import { type StageTracer, TracingInterceptor } from './tracing-interceptor.js';

/** What stands around every stage of an application unless you say otherwise. */
export interface DefaultStackOptions {
  /** A line for every stage. Default true: costs nothing with a logger that logs nothing. */
  readonly logging?: boolean;
  /** Reports outputs above 256 KiB; fails none. `false` does not look. */
  readonly payloadSize?: PayloadSizeOptions | false;
  /** Gets a span for every stage. Default none. */
  readonly tracer?: StageTracer;
  /** Gets the duration and outcome of every stage. Default none. */
  readonly meter?: StageMeter;
}

/** Outermost first. Access rules, tenants and limits are part of the engine, and need no interceptor. */
export function defaultStack(logger: StageflowLogger, options: DefaultStackOptions = {}): readonly AnyInterceptor[] {
  const { logging = true, payloadSize = {}, tracer, meter } = options;
  return [
    ...(tracer === undefined ? [] : [new TracingInterceptor(tracer)]),
    ...(meter === undefined ? [] : [new MetricsInterceptor(meter)]),
    ...(logging ? [new LoggingInterceptor({ logger })] : []),
    ...(payloadSize === false
      ? []
      : [PayloadSizeInterceptor.with({ maxBytes: Number.POSITIVE_INFINITY, ...payloadSize })]),
  ];
}
