/*
 * Makes the events of one run and hands them to its sinks, in order, numbered without gaps. Without sinks nothing is
 * made. A sink that throws, rejects or stalls changes nothing but a line in the log.
 */
import type { Clock } from '../clock/index.js';
import type { RunIdentity } from '../context/index.js';
import type { CallerEvent, EventBase, EventError, EventSink, PipelineEvent, StageflowLogger } from '../events/index.js';
import { messageOf, type StageFailure } from '../stage/index.js';
import type { CleanupFailure } from './cleanup-stack.js';
import type { StageExecution } from './stage-execution.js';
import { warn } from './warn.js';

/** Of each event what is not in every one. */
type OwnFields<E extends EventBase> = E extends unknown ? Omit<E, keyof EventBase> : never;

// Methods on the hot path are private by type only: calling a `#method` costs more than what most of them do.
export class RunReporter {
  readonly #sinks: readonly EventSink[];
  readonly #clock: Clock;
  /** Wall-clock time of the clock's zero. */
  readonly #epoch: number;
  readonly #logger: StageflowLogger;
  readonly #pipeline: string;
  readonly #runId: string;
  readonly #parentRunId: string | null;
  readonly #correlationId: string;
  #sequence = 0;
  #active: boolean;
  #sending = false;
  /** Events that sinks caused while one was being delivered; null as long as there are none. */
  #waiting: PipelineEvent[] | null = null;

  constructor(
    sinks: readonly EventSink[],
    clock: Clock,
    logger: StageflowLogger,
    pipeline: string,
    identity: RunIdentity,
  ) {
    this.#sinks = sinks;
    this.#active = sinks.length > 0;
    this.#clock = clock;
    this.#epoch = clock.toEpochMs(0);
    this.#logger = logger;
    this.#pipeline = pipeline;
    this.#runId = identity.runId;
    this.#parentRunId = identity.parentRunId;
    this.#correlationId = identity.correlationId;
  }

  /** Whether anybody listens. Ask before calling on a hot path. */
  get active(): boolean {
    return this.#active;
  }

  /** The run has ended: whatever a stage that outlived it still reports is dropped. */
  close(): void {
    this.#active = false;
  }

  // The events that every run and every stage has are written out: a spread costs more than the rest of the event.
  pipelineStarted(at: number, stages: number): void {
    if (!this.active) return;
    this.send({
      type: 'pipeline.started',
      sequence: ++this.#sequence,
      runId: this.#runId,
      parentRunId: this.#parentRunId,
      correlationId: this.#correlationId,
      pipeline: this.#pipeline,
      at: this.#epoch + at,
      stages,
    });
  }

  pipelineCompleted(at: number, durationMs: number): void {
    if (!this.active) return;
    this.send({
      type: 'pipeline.completed',
      sequence: ++this.#sequence,
      runId: this.#runId,
      parentRunId: this.#parentRunId,
      correlationId: this.#correlationId,
      pipeline: this.#pipeline,
      at: this.#epoch + at,
      durationMs,
    });
  }

  pipelineFailed(at: number, durationMs: number, stage: string | null, failure: StageFailure): void {
    if (!this.active) return;
    this.send({ type: 'pipeline.failed', ...this.base(at), durationMs, stage, error: eventError(failure) });
  }

  pipelineCancelled(at: number, durationMs: number, stage: string | null, reason: string): void {
    if (this.active) this.send({ type: 'pipeline.cancelled', ...this.base(at), durationMs, stage, reason });
  }

  stageStarted(execution: StageExecution): void {
    this.send({
      type: 'stage.started',
      sequence: ++this.#sequence,
      runId: this.#runId,
      parentRunId: this.#parentRunId,
      correlationId: this.#correlationId,
      pipeline: this.#pipeline,
      at: this.#epoch + execution.startedAt,
      stage: execution.stage.name,
    });
  }

  stageCompleted(execution: StageExecution): void {
    this.send({
      type: 'stage.completed',
      sequence: ++this.#sequence,
      runId: this.#runId,
      parentRunId: this.#parentRunId,
      correlationId: this.#correlationId,
      pipeline: this.#pipeline,
      at: this.#epoch + execution.settledAt,
      stage: execution.stage.name,
      durationMs: execution.settledAt - execution.startedAt,
      attempts: execution.attempts,
    });
  }

  stageSkipped({ stage, skipCause, reason, settledAt }: StageExecution): void {
    if (!this.active || skipCause === null) return;
    const event = { type: 'stage.skipped', ...this.base(settledAt), stage: stage.name } as const;
    this.send({ ...event, cause: skipCause, reason: reason ?? '' });
  }

  stageFailed(execution: StageExecution, failure: StageFailure): void {
    if (!this.active) return;
    const { stage, attempts, settledAt, durationMs } = execution;
    const event = { type: 'stage.failed', ...this.base(settledAt), stage: stage.name } as const;
    this.send({ ...event, durationMs, attempts, error: eventError(failure) });
  }

  stageCancelled({ stage, settledAt, durationMs, reason }: StageExecution): void {
    if (!this.active) return;
    const event = { type: 'stage.cancelled', ...this.base(settledAt), stage: stage.name } as const;
    this.send({ ...event, durationMs, reason: reason ?? '' });
  }

  retryScheduled({ stage, attempts }: StageExecution, delayMs: number, failure: StageFailure): void {
    if (!this.active) return;
    const event = { type: 'stage.retry_scheduled', ...this.base(this.#clock.now()), stage: stage.name } as const;
    this.send({ ...event, attempt: attempts, delayMs, error: eventError(failure) });
  }

  retryExhausted({ stage, attempts }: StageExecution, failure: StageFailure): void {
    if (!this.active) return;
    const event = { type: 'stage.retry_exhausted', ...this.base(this.#clock.now()), stage: stage.name } as const;
    this.send({ ...event, attempts, error: eventError(failure) });
  }

  progress({ stage }: StageExecution, fraction: number, note: string | null): void {
    if (!this.active) return;
    this.send({ type: 'stage.progress', ...this.base(this.#clock.now()), stage: stage.name, fraction, note });
  }

  abandoned({ stage }: StageExecution, graceMs: number): void {
    if (!this.active) return;
    this.send({ type: 'stage.abandoned', ...this.base(this.#clock.now()), stage: stage.name, graceMs });
  }

  cleanupFailed({ stage, error }: CleanupFailure): void {
    if (!this.active) return;
    const plain = { code: error.code, message: error.message, retryable: false };
    this.send({ type: 'cleanup.failed', ...this.base(this.#clock.now()), stage, error: plain });
  }

  custom({ stage }: StageExecution, name: string, data: unknown): void {
    if (this.active) this.send({ type: 'custom', ...this.base(this.#clock.now()), stage: stage.name, name, data });
  }

  /** What happens rarely, with the time of now. */
  caller(own: OwnFields<CallerEvent>): void {
    if (this.active) this.send({ ...own, ...this.base(this.#clock.now()) } as CallerEvent);
  }

  private base(at: number) {
    return {
      sequence: ++this.#sequence,
      runId: this.#runId,
      parentRunId: this.#parentRunId,
      correlationId: this.#correlationId,
      pipeline: this.#pipeline,
      at: this.#epoch + at,
    };
  }

  /** An event that a sink causes while it is handed one comes after it, for every sink. */
  private send(event: PipelineEvent): void {
    if (this.#sending) {
      this.#waiting ??= [];
      this.#waiting.push(event);
      return;
    }
    this.#sending = true;
    const sinks = this.#sinks;
    for (let index = 0; index < sinks.length; index++) this.deliver(sinks[index] as EventSink, event);
    this.#sending = false;
    if (this.#waiting !== null) this.sendWaiting();
  }

  private sendWaiting(): void {
    const waiting = this.#waiting as PipelineEvent[];
    this.#waiting = null;
    for (const event of waiting) this.send(event);
  }

  private deliver(sink: EventSink, event: PipelineEvent): void {
    try {
      const pending = sink.emit(event);
      if (pending !== undefined) this.watch(sink, event, pending);
    } catch (error) {
      this.sinkFailed(sink, event, error);
    }
  }

  private watch(sink: EventSink, event: PipelineEvent, pending: Promise<void>): void {
    Promise.resolve(pending).catch((error: unknown) => this.sinkFailed(sink, event, error));
  }

  private sinkFailed(sink: EventSink, event: PipelineEvent, error: unknown): void {
    const name = sink.constructor?.name ?? 'a sink without a class';
    const fields = { sink: name, event: event.type, runId: this.#runId, error: messageOf(error) };
    warn(this.#logger, 'An event sink failed; the run goes on.', fields);
  }
}

function eventError(failure: StageFailure): EventError {
  return { code: failure.code, message: messageOf(failure.error), retryable: failure.retryable === true };
}
