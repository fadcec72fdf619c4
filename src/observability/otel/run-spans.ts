/*
 * The spans of one run, made and ended by its events.
 *
 * Invariants
 *  1. Every span that was started is ended once: by its own event, or with what it is part of.
 *  2. Only what failed has the status error. What was skipped, cancelled or denied says so in its attributes.
 *  3. Nothing but what events hold gets into a span, so no secret of the run does.
 */
import {
  type Attributes,
  type Context,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { AgentEvent, AgentTurnData, EventBase, EventError, ToolEvent, ToolStarted } from '../../events/index.js';
import type { ToolLayerContext } from '../../tools/index.js';
import { type SpanConventions, stageflowConventions } from './conventions.js';
import type { GraphIndex } from './graph-index.js';
import { spanTime } from './span-time.js';

/** Of `tool.started` what a span needs. */
type ToolStart = Pick<ToolStarted, 'tool' | 'callId' | 'stage' | 'at' | 'runId' | 'correlationId'>;

export class RunSpans {
  readonly #tracer: Tracer;
  readonly #conventions: SpanConventions;
  readonly #graph: GraphIndex | null;
  readonly #run: Span;
  readonly #context: Context;
  /** The latest span of each stage; ended ones are kept, for links. */
  readonly #stageSpans = new Map<string, Span>();
  readonly #open = new Set<Span>();
  /** Of tool calls under way, by stage and call id. */
  readonly #toolSpans = new Map<string, Span>();

  /**
   * @param graph null if nobody told
   * @param parent what the run is part of
   */
  constructor(
    tracer: Tracer,
    conventions: SpanConventions,
    graph: GraphIndex | null,
    { runId, parentRunId, correlationId, pipeline, at }: EventBase,
    parent: Context,
  ) {
    this.#tracer = tracer;
    this.#conventions = conventions;
    this.#graph = graph;
    const { name, attributes } = conventions.run(pipeline);
    const ids: Attributes = {
      'stageflow.run.id': runId,
      'stageflow.correlation.id': correlationId,
      'stageflow.pipeline': pipeline,
      ...(parentRunId === null ? null : { 'stageflow.parent_run.id': parentRunId }),
    };
    this.#run = tracer.startSpan(name, { startTime: spanTime(at), attributes: { ...ids, ...attributes } }, parent);
    this.#context = trace.setSpan(parent, this.#run);
  }

  /** What belongs to a stage, or, without one that has a span, to the run. */
  contextOf(stage: string | null): Context {
    const span = stage === null ? undefined : this.#stageSpans.get(stage);
    return span === undefined ? this.#context : trace.setSpan(this.#context, span);
  }

  /** Whether a context belongs to the same trace. */
  isTraceOf(other: Context): boolean {
    return trace.getSpanContext(other)?.traceId === this.#run.spanContext().traceId;
  }

  stageSpan(stage: string): Span | undefined {
    return this.#stageSpans.get(stage);
  }

  startStage(stage: string, { at, runId, correlationId }: EventBase): void {
    const { kind = '', dependsOn = [] } = this.#graph?.byName.get(stage) ?? {};
    const { name, attributes } = this.#conventions.stage(stage, kind);
    const ids = { 'stageflow.run.id': runId, 'stageflow.correlation.id': correlationId };
    const own = { ...ids, 'stageflow.stage': stage, 'stageflow.stage.kind': kind };
    const links = dependsOn.length > 1 ? this.#linksTo(dependsOn) : [];
    const options = { startTime: spanTime(at), attributes: { ...own, ...attributes }, links };
    const span = this.#tracer.startSpan(name, options, this.#context);
    this.#stageSpans.set(stage, span);
    this.#open.add(span);
  }

  /**
   * What is around a call begins before the call itself.
   * @param active where it is made: perhaps inside of a span of the stage's own
   * @returns what belongs to the call
   */
  enterTool({ call, stage, clock, snapshot }: ToolLayerContext, active: Context): Context {
    const { runId, correlationId } = snapshot.identity;
    const at = clock.toEpochMs(clock.now());
    const start = { tool: call.tool.name, callId: call.callId, stage: stage.name, at, runId, correlationId };
    const parent = this.isTraceOf(active) ? active : this.contextOf(stage.name);
    return trace.setSpan(active, this.startTool(start, parent));
  }

  /** A call that is tried again keeps its span. */
  startTool({ tool, callId, stage, at, runId, correlationId }: ToolStart, parent = this.contextOf(stage)): Span {
    const key = `${stage} ${callId}`;
    const started = this.#toolSpans.get(key);
    if (started !== undefined) return started;
    const { name, attributes } = this.#conventions.tool(tool, callId);
    const ids = { 'stageflow.run.id': runId, 'stageflow.correlation.id': correlationId };
    const own = { ...ids, 'stageflow.tool': tool, 'stageflow.tool.call.id': callId, 'stageflow.stage': stage };
    const options = { startTime: spanTime(at), attributes: { ...own, ...attributes } };
    const span = this.#tracer.startSpan(name, options, parent);
    this.#toolSpans.set(key, span);
    this.#open.add(span);
    return span;
  }

  /**
   * @param error only of what failed
   * @returns whether it has a span: what never started, because the caller may not use it for example, has none
   */
  endStage(stage: string, at: number, attributes: Attributes, error: EventError | null = null): boolean {
    const span = this.#stageSpans.get(stage);
    if (span === undefined || !this.#open.has(span)) return false;
    this.#end(span, at, attributes, error);
    return true;
  }

  /** @returns whether it has a span: what was denied has none */
  endTool({ stage, callId, at }: ToolEvent, attributes: Attributes, error: EventError | null = null): boolean {
    const key = `${stage} ${callId}`;
    const span = this.#toolSpans.get(key);
    if (span === undefined) return false;
    this.#toolSpans.delete(key);
    this.#end(span, at, attributes, error);
    return true;
  }

  /** A turn of a model is heard of when it is over. What names itself so without being one has no span. */
  modelTurn({ stage, at, data }: AgentEvent<'agent.turn'>): void {
    const { model, inputTokens, outputTokens, finish, durationMs } = Object(data) as Partial<AgentTurnData>;
    if (typeof model !== 'string' || typeof durationMs !== 'number') return;
    const facts = { model, inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0, finish: finish ?? '' };
    const { name, attributes = {} } = (this.#conventions.model ?? stageflowConventions.model)(facts);
    const own = { 'stageflow.stage': stage };
    const options = {
      kind: SpanKind.CLIENT,
      startTime: spanTime(at - durationMs),
      attributes: { ...own, ...attributes },
    };
    this.#tracer.startSpan(name, options, this.contextOf(stage)).end(spanTime(at));
  }

  /** An event on the span of the stage, or, without one that is open, of the run. */
  note(stage: string | null, name: string, at: number, attributes: Attributes): void {
    const span = stage === null ? undefined : this.#stageSpans.get(stage);
    const target = span !== undefined && this.#open.has(span) ? span : this.#run;
    target.addEvent(name, attributes, spanTime(at));
  }

  /** An event on the span of a tool call that goes on. */
  noteTool({ stage, callId, type, at }: ToolEvent, attributes: Attributes): void {
    this.#toolSpans.get(`${stage} ${callId}`)?.addEvent(type, attributes, spanTime(at));
  }

  endRun(at: number, attributes: Attributes, error: EventError | null = null): void {
    for (const span of this.#open) span.end(spanTime(at));
    this.#open.clear();
    this.#end(this.#run, at, attributes, error);
  }

  #end(span: Span, at: number, attributes: Attributes, error: EventError | null): void {
    span.setAttributes(attributes);
    if (error !== null) {
      span.setAttribute('error.type', error.code);
      span.recordException({ name: error.code, message: error.message }, spanTime(at));
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    }
    span.end(spanTime(at));
    this.#open.delete(span);
  }

  #linksTo(dependencies: readonly { readonly stage: string }[]): Link[] {
    return dependencies.flatMap(({ stage }) => {
      const span = this.#stageSpans.get(stage);
      return span === undefined ? [] : [{ context: span.spanContext(), attributes: { 'stageflow.dependency': stage } }];
    });
  }
}
