import type { PipelineEvent } from './pipeline-event.js';

/** One stage as a run that opens shows it. */
export interface OpeningStage {
  readonly name: string;
  readonly kind: string;
  readonly dependsOn: readonly { readonly stage: string }[];
}

/** Headers of a request, as Node and frameworks hand them out. Names are read whatever their case. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is known of a run before its first event. */
export interface RunOpening {
  readonly runId: string;
  readonly pipeline: string;
  /** In declaration order. */
  readonly stages: readonly OpeningStage[];
  /** The option `headers` of the run; null without it. */
  readonly headers: RequestHeaders | null;
}

/**
 * Where events go. Implement it to send them anywhere.
 *
 * Called in order, once per event, while the run goes on. The run never waits for it: a returned promise is only
 * watched. Whatever it throws or rejects with is reported to the logger and changes no outcome.
 */
export interface EventSink {
  emit(event: PipelineEvent): void | Promise<void>;
  /** For a sink that has to know the graph, or the request that a run is for: called before the first event of each run. */
  open?(run: RunOpening): void;
}

/** Keeps events in an array; for tests and small tools. */
export class MemorySink implements EventSink {
  readonly events: PipelineEvent[] = [];

  emit(event: PipelineEvent): void {
    this.events.push(event);
  }

  /** The events of one type, in order, with that type. */
  ofType<T extends PipelineEvent['type']>(type: T): Extract<PipelineEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<PipelineEvent, { type: T }> => event.type === type);
  }

  clear(): void {
    this.events.length = 0;
  }
}

/** Calls a function with every event. */
export class CallbackSink implements EventSink {
  readonly #callback: (event: PipelineEvent) => void | Promise<void>;

  constructor(callback: (event: PipelineEvent) => void | Promise<void>) {
    this.#callback = callback;
  }

  emit(event: PipelineEvent): void | Promise<void> {
    return this.#callback(event);
  }
}

/** Takes events and does nothing with them, where an API wants a sink. */
export class NoopSink implements EventSink {
  emit(): void {}
}
