import type { RunIdentity } from '../context/index.js';
import type { EventSink, PipelineEvent, StageflowLogger } from '../events/index.js';
import { messageOf } from '../stage/index.js';
import { warn } from './warn.js';

/**
 * Hands events to sinks, in order. A sink that throws, rejects or stalls changes nothing but a line in the log.
 *
 * Methods on the hot path are private by type only: calling a `#method` costs more than what most of them do.
 */
export abstract class EventDelivery {
  protected readonly sinks: readonly EventSink[];
  protected readonly logger: StageflowLogger;
  protected readonly runId: string;
  protected readonly correlationId: string;
  private sending = false;
  /** Events that sinks caused while one was being delivered; null as long as there are none. */
  private waiting: PipelineEvent[] | null = null;

  constructor(sinks: readonly EventSink[], logger: StageflowLogger, identity: RunIdentity) {
    this.sinks = sinks;
    this.logger = logger;
    this.runId = identity.runId;
    this.correlationId = identity.correlationId;
  }

  /** An event that a sink causes while it is handed one comes after it, for every sink. */
  protected send(event: PipelineEvent): void {
    if (this.sending) {
      this.waiting ??= [];
      this.waiting.push(event);
      return;
    }
    this.sending = true;
    const sinks = this.sinks;
    for (let index = 0; index < sinks.length; index++) this.deliver(sinks[index] as EventSink, event);
    this.sending = false;
    if (this.waiting !== null) this.sendWaiting();
  }

  protected sendWaiting(): void {
    const waiting = this.waiting as PipelineEvent[];
    this.waiting = null;
    for (const event of waiting) this.send(event);
  }

  private deliver(sink: EventSink, event: PipelineEvent): void {
    try {
      const pending = sink.emit(event);
      if (pending !== undefined) this.watch(sink, event, pending);
    } catch (error) {
      this.sinkFailed(sink, event.type, error);
    }
  }

  private watch(sink: EventSink, event: PipelineEvent, pending: Promise<void>): void {
    Promise.resolve(pending).catch((error: unknown) => this.sinkFailed(sink, event.type, error));
  }

  protected sinkFailed(sink: EventSink, event: string, error: unknown): void {
    const name = sink.constructor?.name ?? 'a sink without a class';
    const { runId, correlationId } = this;
    const fields = { sink: name, event, runId, correlationId, error: messageOf(error) };
    warn(this.logger, 'An event sink failed; the run goes on.', fields);
  }
}
