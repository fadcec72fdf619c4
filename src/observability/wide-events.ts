import type { EventSink, PipelineEvent, RunOpening } from '../events/index.js';
import { type PipelineWideEvent, type WideEvent, WideStageStatus } from './wide-event.js';
import { WideStage } from './wide-stage.js';

export interface WideEventsOptions {
  /** Gets one event for every stage and then one for the run, when the run is over. A `FileSink` will do. */
  readonly sink: { emit(event: WideEvent): void | Promise<void> };
}

/**
 * One wide event per stage and one per run instead of many narrow ones: what dashboards and questions after the fact want.
 * Give it to `sinks`. Stages that never started have one as well, and none is called completed that was not.
 */
export function wideEvents({ sink }: WideEventsOptions): EventSink {
  return new WideEvents(sink);
}

class WideEvents implements EventSink {
  readonly #sink: WideEventsOptions['sink'];
  readonly #runs = new Map<string, Map<string, WideStage>>();

  constructor(sink: WideEventsOptions['sink']) {
    this.#sink = sink;
  }

  open({ runId, stages }: RunOpening): void {
    this.#runs.set(runId, new Map(stages.map((stage) => [stage.name, new WideStage(stage)])));
  }

  emit(event: PipelineEvent): void | Promise<void> {
    const stages = this.#runs.get(event.runId);
    if (stages === undefined) return;
    if (isEnd(event)) {
      this.#runs.delete(event.runId);
      return this.#end(event, [...stages.values()]);
    }
    if ('stage' in event && event.stage !== null) stages.get(event.stage)?.take(event as never);
  }

  async #end(end: EndEvent, stages: readonly WideStage[]): Promise<void> {
    const { runId, parentRunId, correlationId, pipeline, at } = end;
    const ids = { runId, parentRunId, correlationId, pipeline, at };
    const events = [...stages.map((stage) => stage.toEvent(ids)), { ...ids, ...summary(end, stages) }];
    // All are handed on, whatever becomes of one; that one failed is the engine's to log.
    const sent = events.map(async (event) => this.#sink.emit(event));
    const failed = (await Promise.allSettled(sent)).find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

type EndEvent = Extract<PipelineEvent, { type: 'pipeline.completed' | 'pipeline.failed' | 'pipeline.cancelled' }>;

function isEnd(event: PipelineEvent): event is EndEvent {
  return event.type === 'pipeline.completed' || event.type === 'pipeline.failed' || event.type === 'pipeline.cancelled';
}

function summary(end: EndEvent, stages: readonly WideStage[]) {
  const byStatus = Object.fromEntries(Object.values(WideStageStatus).map((status) => [status, 0]));
  const counts = byStatus as Record<WideStageStatus, number>;
  const tools = { completed: 0, failed: 0, denied: 0, cancelled: 0 };
  let retries = 0;
  for (const stage of stages) {
    counts[stage.status]++;
    retries += stage.retries;
    for (const key of Object.keys(tools) as (keyof typeof tools)[]) tools[key] += stage.tools[key];
  }
  return {
    type: 'pipeline.wide',
    status: end.type.slice('pipeline.'.length) as PipelineWideEvent['status'],
    durationMs: end.durationMs,
    stage: end.type === 'pipeline.completed' ? null : end.stage,
    reason: end.type === 'pipeline.cancelled' ? end.reason : null,
    error: end.type === 'pipeline.failed' ? end.error : null,
    stages: counts,
    retries,
    tools,
  } as const;
}
