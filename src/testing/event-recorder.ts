import { MemorySink, type PipelineEvent, type PipelineEventType } from '../events/index.js';

type EventOf<T extends PipelineEventType> = Extract<PipelineEvent, { readonly type: T }>;

interface Waiting {
  readonly matches: (event: PipelineEvent) => boolean;
  readonly found: (event: PipelineEvent) => void;
}

/**
 * Keeps the events of runs, lets a test wait for one of them instead of sleeping, and shows what happened in which order.
 * Hand it to `sinks`; `Test.createPipeline` has one of its own.
 */
export class EventRecorder extends MemorySink {
  readonly #waiting = new Set<Waiting>();

  override emit(event: PipelineEvent): void {
    super.emit(event);
    for (const waiting of this.#waiting) {
      if (!waiting.matches(event)) continue;
      this.#waiting.delete(waiting);
      waiting.found(event);
    }
  }

  /** The first event of a type that has, or will have, these fields: `await recorder.next('stage.started', { stage: 'Fetch' })`. */
  next<T extends PipelineEventType>(type: T, fields: Partial<EventOf<T>> = {}): Promise<EventOf<T>> {
    const matches = (event: PipelineEvent): boolean => event.type === type && hasFields(event, fields);
    const known = this.events.find(matches);
    if (known !== undefined) return Promise.resolve(known as EventOf<T>);
    return new Promise((resolve) => {
      this.#waiting.add({ matches, found: (event) => resolve(event as EventOf<T>) });
    });
  }

  /** The events of one run, in order. */
  ofRun(runId: string): readonly PipelineEvent[] {
    return this.events.filter((event) => event.runId === runId);
  }

  /** The events of one stage, by its name, in order. */
  ofStage(stage: string): readonly PipelineEvent[] {
    return this.events.filter((event) => 'stage' in event && event.stage === stage);
  }

  /** Ids of runs that have begun and not ended. */
  get openRuns(): readonly string[] {
    const open = new Set<string>();
    for (const { type, runId } of this.events) {
      if (type === 'pipeline.started') open.add(runId);
      else if (ENDINGS.has(type)) open.delete(runId);
    }
    return [...open];
  }

  /** What happened, one line an event, to print or to compare. */
  get timeline(): readonly string[] {
    return timelineOf(this.events);
  }
}

const ENDINGS: ReadonlySet<PipelineEventType> = new Set([
  'pipeline.completed',
  'pipeline.failed',
  'pipeline.cancelled',
]);

function hasFields(event: object, fields: object): boolean {
  return Object.entries(fields).every(([key, value]) => Object.is((event as Record<string, unknown>)[key], value));
}

/** Without times, so that the same run gives the same lines. */
export function timelineOf(events: readonly PipelineEvent[]): readonly string[] {
  return events.map((event) => {
    const { type } = event;
    const facts: unknown[] = [];
    if ('stage' in event && event.stage !== null) facts.push(event.stage);
    if ('tool' in event) facts.push(event.tool);
    if ('name' in event) facts.push(event.name);
    if ('reason' in event) facts.push(`(${event.reason})`);
    if ('error' in event) facts.push(`(${event.error.code}: ${event.error.message})`);
    return [type, ...facts].join(' ');
  });
}
