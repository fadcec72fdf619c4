import { type Meter, metrics, type Tracer, trace } from '@opentelemetry/api';
import type { EventSink } from '../../events/index.js';
import type { Interceptor } from '../../stage/index.js';
import { ActiveSpanInterceptor } from './context-interceptor.js';
import { type SpanConventions, stageflowConventions } from './conventions.js';
import { MetricSink } from './metric-sink.js';
import { SpanSink } from './span-sink.js';

export interface OpenTelemetryOptions {
  /** Makes the spans; `false` for none. Default: the tracer `stageflow` of the provider that the application registered. */
  readonly tracer?: Tracer | false;
  /** Makes the metrics; `false` for none. Default: the meter `stageflow` of the provider that the application registered. */
  readonly meter?: Meter | false;
  /** How spans are named. Default `stageflowConventions`; see `genAiConventions`. */
  readonly conventions?: SpanConventions;
}

/** Sinks and interceptors that belong together: one of the `plugins` of an application. */
export interface OpenTelemetryPlugin {
  readonly sinks: readonly EventSink[];
  readonly interceptors: readonly Interceptor[];
}

/**
 * Spans and metrics of every run, through the API of OpenTelemetry: what becomes of them is up to the SDK that the
 * application sets up, and without one they cost next to nothing.
 *
 * `await Stageflow.create(Module, { plugins: [openTelemetry()] })`
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): OpenTelemetryPlugin {
  const { tracer = trace.getTracer('stageflow'), meter = metrics.getMeter('stageflow') } = options;
  const spans = tracer === false ? null : new SpanSink(tracer, options.conventions ?? stageflowConventions);
  return {
    sinks: [...(spans === null ? [] : [spans]), ...(meter === false ? [] : [new MetricSink(meter)])],
    interceptors: spans === null ? [] : [new ActiveSpanInterceptor(spans)],
  };
}
