import type { Meter } from '@opentelemetry/api';
import type {
  ApprovalEvent,
  CustomEvent,
  EventSink,
  PipelineEvent,
  RunOpening,
  StageRetryScheduled,
  ToolEvent,
} from '../../events/index.js';
import { GraphIndexes } from './graph-index.js';
import { type Instruments, instrumentsOf } from './instruments.js';
import { type LoadChange, RunLoad } from './run-load.js';

/** The custom event that a stage sends to have tokens counted: `ctx.emit(MODEL_USAGE, { model, inputTokens, outputTokens })`. */
export const MODEL_USAGE = 'model.usage';

/** One that goes on. */
interface MeasuredRun {
  readonly load: RunLoad;
  /** When tool calls under way began, by stage and call id. */
  readonly toolStarts: Map<string, number>;
}

/** Turns the events of runs into metrics. What it attaches are names of the program, never ids of runs or users. */
export class MetricSink implements EventSink {
  readonly #on: Instruments;
  readonly #graphs = new GraphIndexes();
  readonly #runs = new Map<string, MeasuredRun>();
  /** Of all runs that go on, by pipeline. */
  readonly #totals = new Map<string, { running: number; waiting: number }>();

  constructor(meter: Meter) {
    this.#on = instrumentsOf(meter);
    this.#on.inFlight.addCallback((result) => {
      for (const [name, { running }] of this.#totals) result.observe(running, { 'stageflow.pipeline': name });
    });
    this.#on.waiting.addCallback((result) => {
      for (const [name, { waiting }] of this.#totals) result.observe(waiting, { 'stageflow.pipeline': name });
    });
  }

  open({ runId, stages }: RunOpening): void {
    this.#runs.set(runId, { load: new RunLoad(this.#graphs.of(stages)), toolStarts: new Map() });
  }

  emit(event: PipelineEvent): void {
    this.#measureLoad(event);
    if (event.type === 'pipeline.completed') this.#run(event, 'completed');
    else if (event.type === 'pipeline.failed') this.#run(event, 'failed', event.error.code);
    else if (event.type === 'pipeline.cancelled') this.#run(event, 'cancelled');
    else if (event.type === 'stage.completed') this.#stage(event, 'completed', event.durationMs);
    else if (event.type === 'stage.failed') this.#stage(event, 'failed', event.durationMs, event.error.code);
    else if (event.type === 'stage.cancelled') this.#stage(event, 'cancelled', event.durationMs);
    else if (event.type === 'stage.skipped') this.#stage(event, 'skipped', null);
    else if (event.type === 'stage.retry_scheduled') this.#retry(event);
    else if (event.type === 'custom') this.#custom(event);
    else if ('callId' in event) this.#tool(event);
  }

  #retry({ pipeline, stage, error }: StageRetryScheduled): void {
    this.#on.retries.add(1, { 'stageflow.pipeline': pipeline, 'stageflow.stage': stage, 'error.type': error.code });
  }

  #run({ pipeline, durationMs }: PipelineEvent & { durationMs: number }, outcome: string, error?: string): void {
    const names = { 'stageflow.pipeline': pipeline, 'stageflow.outcome': outcome };
    this.#on.runs.record(durationMs / 1_000, error === undefined ? names : { ...names, 'error.type': error });
  }

  #stage(event: PipelineEvent & { stage: string }, outcome: string, durationMs: number | null, error?: string): void {
    const names = {
      'stageflow.pipeline': event.pipeline,
      'stageflow.stage': event.stage,
      'stageflow.outcome': outcome,
      ...(error === undefined ? null : { 'error.type': error }),
    };
    this.#on.outcomes.add(1, names);
    if (durationMs !== null) this.#on.stages.record(durationMs / 1_000, names);
  }

  #tool(event: ToolEvent | ApprovalEvent): void {
    const { runId, stage, callId, pipeline, tool, at } = event;
    const key = `${stage} ${callId}`;
    const starts = this.#runs.get(runId)?.toolStarts;
    // A call that is tried again began when it was first made.
    if (event.type === 'tool.started' && starts?.has(key) === false) starts.set(key, at);
    const outcome = TOOL_OUTCOMES[event.type];
    if (outcome === undefined) return;
    const startedAt = starts?.get(key) ?? at; // what was denied never began
    starts?.delete(key);
    const error = event.type === 'tool.failed' ? { 'error.type': event.error.code } : null;
    const names = { 'stageflow.pipeline': pipeline, 'stageflow.tool': tool, 'stageflow.outcome': outcome, ...error };
    this.#on.tools.record((at - startedAt) / 1_000, names);
  }

  #custom({ name, data, pipeline, stage }: CustomEvent): void {
    const names = { 'stageflow.pipeline': pipeline, 'stageflow.stage': stage };
    const given = (typeof data === 'object' && data !== null ? data : {}) as Readonly<Record<string, unknown>>;
    if (name === 'circuit_breaker.changed') this.#on.breakers.record(given.state === 'open' ? 1 : 0, names);
    if (name !== MODEL_USAGE) return;
    const model = typeof given.model === 'string' ? { 'gen_ai.request.model': given.model } : null;
    for (const [key, type] of TOKEN_TYPES) {
      const count = given[key];
      if (typeof count !== 'number' || !(count > 0)) continue;
      this.#on.tokens.add(count, { ...names, ...model, 'gen_ai.token.type': type });
    }
  }

  /** Kept here and read when metrics are collected: telling the meter of every start and end costs more than a stage. */
  #measureLoad(event: PipelineEvent): void {
    const load = this.#runs.get(event.runId)?.load;
    if (load === undefined) return;
    let change: LoadChange | null = null;
    if (event.type === 'pipeline.started') change = load.begin();
    else if (event.type.startsWith('pipeline.')) {
      change = load.end();
      this.#runs.delete(event.runId);
    } else if ('stage' in event && event.stage !== null) change = load.take(event as never);
    if (change === null) return;
    let total = this.#totals.get(event.pipeline);
    if (total === undefined) {
      total = { running: 0, waiting: 0 };
      this.#totals.set(event.pipeline, total);
    }
    total.running += change.running;
    total.waiting += change.waiting;
  }
}

const TOOL_OUTCOMES: Readonly<Record<string, string>> = {
  'tool.completed': 'completed',
  'tool.failed': 'failed',
  'tool.denied': 'denied',
  'tool.cancelled': 'cancelled',
};

const TOKEN_TYPES = [
  ['inputTokens', 'input'],
  ['outputTokens', 'output'],
] as const;
