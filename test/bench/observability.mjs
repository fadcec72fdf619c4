// @ts-check
/* What watching costs beside the bare promise DAG: events, spans and metrics through the real SDK, a logger that is off. */
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { bareDag } from './bare.mjs';
import { GRAPHS } from './engine.mjs';
import { compare, overProcesses } from './measure.mjs';
import { pipelineOf, runOf } from './pipelines.mjs';
import { inChild } from './processes.mjs';
import { atMost, digits, table, verdict } from './table.mjs';

const SHAPES = ['chain 100', 'fan 100', 'layered 1000/5000'];
const EVENTS = 'events to one in-memory sink, more than without';
/** In units of the bare promise DAG. */
const EVENTS_AT_MOST = 0.3;

/** Keeps the events of the latest run. */
class LatestRunSink {
  /** @type {{ type: string }[]} */
  events = [];

  /** @param {{ type: string }} event */
  emit(event) {
    if (event.type === 'pipeline.started') this.events = [];
    this.events.push(event);
  }
}

/** Takes spans and forgets them: what a collector makes of them is not ours. */
const nowhere = {
  /** @param {unknown} _spans @param {(result: { code: number }) => void} done */
  export: (_spans, done) => done({ code: 0 }),
  shutdown: () => Promise.resolve(),
  forceFlush: () => Promise.resolve(),
};

/** In a process of its own. @param {{ core: string, observability: string, otel: string, graph: string, quick: boolean }} options */
export async function measure({ core, observability, otel, graph: name, quick }) {
  const stageflow = await import(core);
  const { winstonLogger } = await import(observability);
  const { openTelemetry } = await import(otel);
  const graph = /** @type {() => import('./graphs.mjs').GraphShape} */ (GRAPHS[name])();
  const build = (/** @type {object} */ options, /** @type {object} */ around = {}) =>
    runOf(pipelineOf(stageflow, graph, around).build(options));

  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(nowhere)] });
  const reader = new PeriodicExportingMetricReader({
    exporter: new InMemoryMetricExporter(AggregationTemporality.DELTA),
    exportIntervalMillis: 3_600_000,
  });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
  const tracing = openTelemetry({ tracer: provider.getTracer('bench'), meter: false });
  const metering = openTelemetry({ tracer: false, meter });
  const apiAlone = openTelemetry({ meter: false });
  const logger = winstonLogger({ level: 'error' });
  const says = () => (/** @type {any} */ ctx) => {
    ctx.logger.debug('never written', { a: 1 });
    return {};
  };
  const silent = () => () => ({});
  const variants = [
    { label: 'bare promise DAG', run: bareDag(graph) },
    { label: 'no sink', run: build({}) },
    { label: 'events to one in-memory sink', run: build({ sinks: [new LatestRunSink()] }) },
    { label: 'stages that compute nothing', run: build({}, { stage: silent }) },
    { label: 'the same, with a line below the level of winston in each', run: build({ logger }, { stage: says }) },
    { label: 'metrics, real SDK', run: build({ sinks: metering.sinks }) },
    { label: 'spans, API without SDK', run: build({ sinks: apiAlone.sinks }, { interceptors: apiAlone.interceptors }) },
    {
      label: 'spans, real SDK, batch processor',
      run: build({ sinks: tracing.sinks }, { interceptors: tracing.interceptors }),
    },
  ];
  const stages = graph.stages.length;
  const measured = await compare(variants, {
    rounds: quick ? 11 : 31,
    batchMs: quick ? 8 : 20,
    warmupMs: quick ? 200 : 600,
    stages,
  });
  await provider.shutdown();
  return [...measured, more(measured)];
}

/** @param {readonly import('./measure.mjs').Measured[]} measured */
function more(measured) {
  const of = (/** @type {string} */ label) =>
    /** @type {import('./measure.mjs').Measured} */ (measured.find((one) => one.label === label));
  const [without, within] = [of('no sink'), of('events to one in-memory sink')];
  return { label: EVENTS, ratio: within.ratio - without.ratio, ns: within.ns - without.ns };
}

/** @param {{ core: string, quick: boolean, processes: number }} options */
export async function observability({ core, quick, processes }) {
  const beside = (/** @type {string} */ file) => new URL(file, core).href;
  const entries = { core, observability: beside('observability.js'), otel: beside('otel.js') };
  const figures = [];
  for (const graph of SHAPES) {
    /** @type {import('./measure.mjs').Measured[][]} */
    const runs = [];
    for (let count = 0; count < processes; count++) {
      runs.push(await inChild('observability.mjs', { ...entries, graph, quick }));
    }
    for (const measured of overProcesses(runs)) {
      figures.push({ graph, ...measured, target: measured.label === EVENTS ? EVENTS_AT_MOST : undefined });
    }
  }
  return figures;
}

/** @param {Awaited<ReturnType<typeof observability>>} figures */
export function observabilityTable(figures) {
  const rows = figures.map(({ graph, label, ratio, ratios, ns, target }) => [
    `${graph}: ${label}`,
    digits(ratio),
    ratios.map(digits).join(' '),
    ns.toFixed(0),
    atMost(target),
    verdict(ratio, target),
  ]);
  const head = ['observability, in units of the bare promise DAG', 'ratio', 'processes', 'ns/stage', 'target', ''];
  return table('Observability', head, rows);
}
