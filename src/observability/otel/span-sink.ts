import { type Context, context, type Tracer, trace } from '@opentelemetry/api';
import type { EventBase, EventSink, PipelineEvent, RequestHeaders, RunOpening } from '../../events/index.js';
import type { SpanConventions } from './conventions.js';
import { GraphIndexes } from './graph-index.js';
import { RunSpans } from './run-spans.js';
import { takeEvent } from './span-events.js';
import { readTraceHeaders } from './trace-headers.js';

/** Turns the events of runs into spans: run, stages, tool calls, child runs. */
export class SpanSink implements EventSink {
  readonly #tracer: Tracer;
  readonly #conventions: SpanConventions;
  readonly #graphs = new GraphIndexes();
  readonly #opened = new Map<string, RunOpening>();
  readonly #runs = new Map<string, RunSpans>();

  constructor(tracer: Tracer, conventions: SpanConventions) {
    this.#tracer = tracer;
    this.#conventions = conventions;
  }

  /** Of a run that goes on. */
  spansOf(runId: string): RunSpans | undefined {
    return this.#runs.get(runId);
  }

  open(run: RunOpening): void {
    this.#opened.set(run.runId, run);
  }

  emit(event: PipelineEvent): void {
    if (event.type === 'pipeline.started') this.#start(event);
    const run = this.#runs.get(event.runId);
    if (run === undefined) return;
    takeEvent(run, event);
    if (hasEnded(event)) this.#runs.delete(event.runId);
  }

  #start(event: EventBase): void {
    const { runId } = event;
    const opening = this.#opened.get(runId);
    this.#opened.delete(runId);
    const graph = opening === undefined ? null : this.#graphs.of(opening.stages);
    const parent = this.#parentOf(event, opening?.headers ?? null);
    this.#runs.set(runId, new RunSpans(this.#tracer, this.#conventions, graph, event, parent));
  }

  /** A header says it outright. Else a child run is started inside of its stage, whose context is active. */
  #parentOf({ parentRunId, lineage }: EventBase, headers: RequestHeaders | null): Context {
    const active = context.active();
    const sent = headers === null ? null : readTraceHeaders(headers);
    if (sent !== null) return trace.setSpanContext(active, sent);
    const parent = parentRunId === null ? undefined : this.#runs.get(parentRunId);
    // Without a context manager nothing is active, or something of another trace.
    if (parent === undefined || parent.isTraceOf(active)) return active;
    return parent.contextOf(lineage.parentStage);
  }
}

function hasEnded({ type }: PipelineEvent): boolean {
  return type === 'pipeline.completed' || type === 'pipeline.failed' || type === 'pipeline.cancelled';
}
