import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import {
  DependsOn,
  type LogFields,
  MemorySink,
  PipelineModule,
  Retry,
  Stage,
  type StageContext,
  Stageflow,
  type StageflowLogger,
} from 'stageflow';
import { openTelemetry } from 'stageflow/otel';
import { afterAll, beforeAll, expect, it } from 'vitest';

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

@Stage()
@Retry({ attempts: 2, delayMs: 0 })
class Leaf {
  execute(ctx: StageContext) {
    ctx.logger.info('leaf');
    ctx.emit('leaf', { runId: 'spoofed', correlationId: 'spoofed' });
    if (ctx.attempt === 1) throw Object.assign(new Error('again'), { retryable: true });
    return {};
  }
}

@PipelineModule({ name: 'bottom', stages: [Leaf] })
class Bottom {}

@Stage()
class Middle {
  async execute(ctx: StageContext) {
    ctx.logger.child({ extra: 1 }).warn('middle');
    return { child: (await ctx.spawn(Bottom)).runId };
  }
}

@PipelineModule({ name: 'middle', stages: [Middle] })
class Centre {}

@Stage()
class First {
  async execute(ctx: StageContext) {
    ctx.logger.info('first');
    return { child: (await ctx.spawn(Centre)).runId };
  }
}

@Stage()
@DependsOn(First)
class Second {
  execute(ctx: StageContext<typeof First>) {
    ctx.progress(0.5);
    ctx.onCleanup(() => ctx.logger.info('cleaned up'));
    return ctx.inputs.of(First);
  }
}

@PipelineModule({ name: 'top', stages: [First, Second] })
class Top {}

@PipelineModule({ imports: [Top, Centre, Bottom] })
class Root {}

function keeper(lines: LogFields[], bound: LogFields = {}): StageflowLogger {
  const write = (message: string, fields: LogFields = {}) => void lines.push({ message, ...bound, ...fields });
  const child = (fields: LogFields) => keeper(lines, { ...bound, ...fields });
  return { debug: write, info: write, warn: write, error: write, child };
}

it('every event, line and span of nested runs carries the ids of its run, and one correlation id', async () => {
  const sink = new MemorySink();
  const lines: LogFields[] = [];
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const telemetry = openTelemetry({ tracer: provider.getTracer('test'), meter: false });
  const app = await Stageflow.create(Root, { plugins: [telemetry], sinks: [sink], logger: keeper(lines) });
  const results = await app.run(Top, { identity: { correlationId: 'order-7' } });
  await app.close();

  const runIds = new Map(sink.ofType('pipeline.started').map(({ pipeline, runId }) => [pipeline, runId]));
  const [top, middle, bottom] = ['top', 'middle', 'bottom'].map((name) => runIds.get(name));
  expect(new Set([top, middle, bottom]).size).toBe(3);
  expect(top).toBe(results.runId);
  const parents = { top: null, middle: top, bottom: middle } as Record<string, string | null | undefined>;

  expect(sink.events).toHaveLength(18);
  for (const event of sink.events) {
    expect(event.runId).toBe(runIds.get(event.pipeline));
    expect(event.parentRunId).toBe(parents[event.pipeline]);
    expect(event.correlationId).toBe('order-7');
    expect(event.lineage.rootRunId).toBe(top);
  }
  expect(sink.events.map(({ sequence }) => sequence)).toEqual(sink.events.map((_, index) => index + 1));
  const written = lines.map(({ message }) => message);
  expect(written).toEqual(expect.arrayContaining(['leaf', 'middle', 'first', 'cleaned up']));
  for (const line of lines) {
    expect(line.runId).toBe(runIds.get(line.pipeline as string));
    expect(line.correlationId).toBe('order-7');
    expect(typeof line.stage).toBe('string');
  }
  const spans = exporter.getFinishedSpans();
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  expect(spans).toHaveLength(7);
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
  for (const { name, attributes, parentSpanContext } of spans) {
    const pipeline = { First: 'top', Second: 'top', Middle: 'middle', Leaf: 'bottom' }[name.split(' ')[1] ?? ''];
    expect(attributes['stageflow.run.id']).toBe(runIds.get(pipeline ?? name.slice('run '.length)));
    expect(attributes['stageflow.correlation.id']).toBe('order-7');
    const above = byId.get(parentSpanContext?.spanId ?? '')?.name;
    expect(above).toBe(
      { 'run top': undefined, 'run middle': 'stage First', 'run bottom': 'stage Middle' }[name] ??
        (pipeline === undefined ? undefined : `run ${pipeline}`),
    );
  }
});
