/* The real SDK of OpenTelemetry with exporters that keep everything in memory. */
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll } from 'vitest';

/** What is active lives in one place of the process. */
export function withActiveContext(): void {
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  afterAll(() => context.disable());
}

export class Traces {
  readonly #exporter = new InMemorySpanExporter();
  readonly tracer = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(this.#exporter)],
  }).getTracer('test');

  get spans(): ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  named(name: string): ReadableSpan {
    const found = this.spans.filter((span) => span.name === name);
    if (found.length !== 1) throw new Error(`${found.length} spans are called "${name}": ${this.names()}`);
    return found[0] as ReadableSpan;
  }

  names(): string {
    return this.spans.map(({ name }) => name).join(', ');
  }

  /** The names from a span up to the root. */
  path(name: string): string[] {
    const byId = new Map(this.spans.map((span) => [span.spanContext().spanId, span]));
    const path: string[] = [];
    for (let span: ReadableSpan | undefined = this.named(name); span !== undefined; ) {
      path.push(span.name);
      span = byId.get(span.parentSpanContext?.spanId ?? '');
    }
    return path;
  }
}

export class Metrics {
  readonly #exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #provider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: this.#exporter, exportIntervalMillis: 3_600_000 })],
  });
  readonly meter = this.#provider.getMeter('test');

  /** Of one instrument: what it was recorded with, and the sum or count. */
  async points(name: string): Promise<{ attributes: Record<string, unknown>; value: number }[]> {
    this.#exporter.reset();
    await this.#provider.forceFlush();
    const metrics = this.#exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((one) => one.metrics));
    return metrics
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) =>
        dataPoints.map(({ attributes, value }) => ({
          attributes,
          value: typeof value === 'number' ? value : value.count,
        })),
      );
  }

  shutdown(): Promise<void> {
    return this.#provider.shutdown();
  }
}
