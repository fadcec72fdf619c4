/*
 * Makes the events of one run, numbered without gaps, free of the secrets the run knows. Without sinks nothing is made.
 */
import type { Clock } from '../clock/index.js';
import type { RunIdentity } from '../context/index.js';
import {
  type CallerEvent,
  type EventArtifact,
  type EventBase,
  type EventError,
  type EventSink,
  SkipCause,
  type StageflowLogger,
  type ToolEvent,
} from '../events/index.js';
import { messageOf, type StageFailure } from '../stage/index.js';
import type { ToolReport } from '../tools/index.js';
import type { CleanupFailure } from './cleanup-stack.js';
import type { CompiledStage } from './compiled-stage.js';
import { EventDelivery } from './event-delivery.js';
import type { RunMasker } from './run-masker.js';
import type { StageExecution } from './stage-execution.js';

/** What a reporter asks about secrets. */
interface Masked {
  maskerFor(writer: CompiledStage | null): RunMasker | null;
}

/** Of each event what is not in every one. */
type OwnFields<E extends EventBase> = E extends unknown ? Omit<E, keyof EventBase> : never;

export class RunReporter extends EventDelivery {
  readonly #clock: Clock;
  /** Wall-clock time of the clock's zero. */
  readonly #epoch: number;
  readonly #pipeline: string;
  readonly #parentRunId: string | null;
  readonly #correlationId: string;
  #run: Masked | null = null;
  #sequence = 0;
  #active: boolean;

  constructor(
    sinks: readonly EventSink[],
    clock: Clock,
    logger: StageflowLogger,
    pipeline: string,
    identity: RunIdentity,
  ) {
    super(sinks, logger, identity.runId);
    this.#active = sinks.length > 0;
    this.#clock = clock;
    this.#epoch = clock.toEpochMs(0);
    this.#pipeline = pipeline;
    this.#parentRunId = identity.parentRunId;
    this.#correlationId = identity.correlationId;
  }

  /** Whether anybody listens. Ask before calling on a hot path. */
  get active(): boolean {
    return this.#active;
  }

  /** Whose secrets have to be masked in what is said. */
  reportsOn(run: Masked): void {
    this.#run = run;
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
      runId: this.runId,
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
      runId: this.runId,
      parentRunId: this.#parentRunId,
      correlationId: this.#correlationId,
      pipeline: this.#pipeline,
      at: this.#epoch + at,
      durationMs,
    });
  }

  pipelineFailed(at: number, durationMs: number, stage: string | null, failure: StageFailure): void {
    if (!this.active) return;
    this.send({ type: 'pipeline.failed', ...this.base(at), durationMs, stage, error: this.errorOf(failure, null) });
  }

  pipelineCancelled(at: number, durationMs: number, stage: string | null, reason: string): void {
    if (!this.active) return;
    this.send({ type: 'pipeline.cancelled', ...this.base(at), durationMs, stage, reason: this.masked(reason, null) });
  }

  stageStarted(execution: StageExecution): void {
    this.send({
      type: 'stage.started',
      sequence: ++this.#sequence,
      runId: this.runId,
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
      runId: this.runId,
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
    // What the engine says names stages only; what the stage says may hold anything.
    const text = skipCause === SkipCause.Returned ? this.masked(reason ?? '', stage) : (reason ?? '');
    this.send({ ...event, cause: skipCause, reason: text });
  }

  stageFailed(execution: StageExecution, failure: StageFailure): void {
    if (!this.active) return;
    const { stage, attempts, settledAt, durationMs } = execution;
    const event = { type: 'stage.failed', ...this.base(settledAt), stage: stage.name } as const;
    this.send({ ...event, durationMs, attempts, error: this.errorOf(failure, stage) });
  }

  stageCancelled({ stage, settledAt, durationMs, reason }: StageExecution): void {
    if (!this.active) return;
    const event = { type: 'stage.cancelled', ...this.base(settledAt), stage: stage.name } as const;
    this.send({ ...event, durationMs, reason: this.masked(reason ?? '', stage) });
  }

  retryScheduled({ stage, attempts }: StageExecution, delayMs: number, failure: StageFailure): void {
    if (!this.active) return;
    const event = { type: 'stage.retry_scheduled', ...this.base(this.#clock.now()), stage: stage.name } as const;
    this.send({ ...event, attempt: attempts, delayMs, error: this.errorOf(failure, stage) });
  }

  retryExhausted({ stage, attempts }: StageExecution, failure: StageFailure): void {
    if (!this.active) return;
    const event = { type: 'stage.retry_exhausted', ...this.base(this.#clock.now()), stage: stage.name } as const;
    this.send({ ...event, attempts, error: this.errorOf(failure, stage) });
  }

  progress({ stage }: StageExecution, fraction: number, note: string | null): void {
    if (!this.active) return;
    this.send({
      type: 'stage.progress',
      ...this.base(this.#clock.now()),
      stage: stage.name,
      fraction,
      note: note === null ? null : this.masked(note, stage),
    });
  }

  abandoned({ stage }: StageExecution, graceMs: number): void {
    if (!this.active) return;
    this.send({ type: 'stage.abandoned', ...this.base(this.#clock.now()), stage: stage.name, graceMs });
  }

  cleanupFailed({ stage, error }: CleanupFailure): void {
    if (!this.active) return;
    const plain = { code: error.code, message: this.masked(error.message, null), retryable: false };
    this.send({ type: 'cleanup.failed', ...this.base(this.#clock.now()), stage, error: plain });
  }

  custom({ stage }: StageExecution, name: string, data: unknown): void {
    if (!this.active) return;
    const masker = this.#run === null ? null : this.#run.maskerFor(stage);
    const masked = masker === null ? data : masker.value(data);
    this.send({ type: 'custom', ...this.base(this.#clock.now()), stage: stage.name, name, data: masked });
  }

  tool({ stage }: StageExecution, event: ToolReport): void {
    if (!this.active) return;
    const masker = this.#run === null ? null : this.#run.maskerFor(stage);
    const masked = masker === null ? event : (masker.value(event) as ToolReport);
    const ids = { type: event.type, tool: event.tool, callId: event.callId };
    this.send({ ...masked, ...ids, ...this.base(this.#clock.now()), stage: stage.name } as ToolEvent);
  }

  artifactStored({ stage }: StageExecution, { id, name, contentType, bytes, digest }: EventArtifact): void {
    if (!this.active) return;
    const event = { type: 'artifact.stored', ...this.base(this.#clock.now()), stage: stage.name } as const;
    this.send({ ...event, artifact: { id, name, contentType, bytes, digest } });
  }

  private masked(text: string, writer: CompiledStage | null): string {
    const masker = this.#run === null ? null : this.#run.maskerFor(writer);
    return masker === null ? text : masker.text(text);
  }

  private errorOf(failure: StageFailure, writer: CompiledStage | null): EventError {
    const message = this.masked(messageOf(failure.error), writer);
    return { code: failure.code, message, retryable: failure.retryable === true };
  }

  /** What happens rarely, with the time of now. */
  caller(own: OwnFields<CallerEvent>): void {
    if (this.active) this.send({ ...own, ...this.base(this.#clock.now()) } as CallerEvent);
  }

  private base(at: number) {
    return {
      sequence: ++this.#sequence,
      runId: this.runId,
      parentRunId: this.#parentRunId,
      correlationId: this.#correlationId,
      pipeline: this.#pipeline,
      at: this.#epoch + at,
    };
  }
}
