/* Makes the events of one run, numbered without gaps, free of the secrets the run knows. Without sinks nothing is made. */
import { type EventArtifact, SkipCause, type ToolEvent } from '../events/index.js';
import { type StageFailure } from '../stage/index.js';
import type { ToolReport } from '../tools/index.js';
import type { CleanupFailure } from './cleanup-stack.js';
import { EventWriter } from './event-writer.js';
import { ItemExecution } from './item-execution.js';
import type { StageExecution } from './stage-execution.js';

export class RunReporter extends EventWriter {
  // The events that every run and every stage has are written out: a spread costs more than the rest of the event.
  pipelineStarted(at: number, stages: number): void {
    if (!this.active) return;
    this.send({
      type: 'pipeline.started',
      sequence: ++this.sequence,
      runId: this.runId,
      parentRunId: this.parentRunId,
      correlationId: this.correlationId,
      lineage: this.lineage,
      pipeline: this.pipeline,
      at: this.epoch + at,
      stages,
    });
  }

  pipelineCompleted(at: number, durationMs: number): void {
    if (!this.active) return;
    this.send({
      type: 'pipeline.completed',
      sequence: ++this.sequence,
      runId: this.runId,
      parentRunId: this.parentRunId,
      correlationId: this.correlationId,
      lineage: this.lineage,
      pipeline: this.pipeline,
      at: this.epoch + at,
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
      sequence: ++this.sequence,
      runId: this.runId,
      parentRunId: this.parentRunId,
      correlationId: this.correlationId,
      lineage: this.lineage,
      pipeline: this.pipeline,
      at: this.epoch + execution.startedAt,
      stage: execution.stage.name,
    });
  }

  stageCompleted(execution: StageExecution): void {
    this.send({
      type: 'stage.completed',
      sequence: ++this.sequence,
      runId: this.runId,
      parentRunId: this.parentRunId,
      correlationId: this.correlationId,
      lineage: this.lineage,
      pipeline: this.pipeline,
      at: this.epoch + execution.settledAt,
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

  retryScheduled(execution: StageExecution, delayMs: number, failure: StageFailure): void {
    if (!this.active) return;
    const { stage, attempts } = execution;
    const event = { type: 'stage.retry_scheduled', ...this.about(execution) } as const;
    this.send({ ...event, attempt: attempts, delayMs, error: this.errorOf(failure, stage) });
  }

  retryExhausted(execution: StageExecution, failure: StageFailure): void {
    if (!this.active) return;
    const { stage, attempts } = execution;
    const event = { type: 'stage.retry_exhausted', ...this.about(execution) } as const;
    this.send({ ...event, attempts, error: this.errorOf(failure, stage) });
  }

  interceptorFailed(execution: StageExecution, interceptor: string, failure: StageFailure): void {
    if (!this.active) return;
    const { stage } = execution;
    const event = { type: 'interceptor.failed', ...this.about(execution) } as const;
    this.send({ ...event, interceptor, error: this.errorOf(failure, stage) });
  }

  progress(execution: StageExecution, fraction: number, note: string | null): void {
    if (!this.active) return;
    const { stage } = execution;
    const event = { type: 'stage.progress', ...this.about(execution) } as const;
    this.send({ ...event, fraction, note: note === null ? null : this.masked(note, stage) });
  }

  abandoned({ stage }: StageExecution, graceMs: number): void {
    if (!this.active) return;
    this.send({ type: 'stage.abandoned', ...this.base(this.clock.now()), stage: stage.name, graceMs });
  }

  cleanupFailed({ stage, error }: CleanupFailure): void {
    if (!this.active) return;
    const failure = { error, code: error.code, retryable: false, hint: null };
    this.send({ type: 'cleanup.failed', ...this.base(this.clock.now()), stage, error: this.errorOf(failure, null) });
  }

  custom(execution: StageExecution, name: string, data: unknown): void {
    if (!this.active) return;
    const { stage } = execution;
    const masker = this.run === null ? null : this.run.maskerFor(stage);
    const masked = masker === null ? data : masker.value(data);
    this.send({ type: 'custom', ...this.about(execution), name, data: masked });
  }

  tool(execution: StageExecution, report: ToolReport): void {
    if (!this.active) return;
    const { stage } = execution;
    const event = {
      type: report.type,
      sequence: ++this.sequence,
      runId: this.runId,
      parentRunId: this.parentRunId,
      correlationId: this.correlationId,
      lineage: this.lineage,
      pipeline: this.pipeline,
      at: this.epoch + this.clock.now(),
      stage: stage.name,
      tool: report.tool,
      callId: report.callId,
    };
    if (execution instanceof ItemExecution) Object.assign(event, { item: this.masked(execution.key, stage) });
    const isBare = report.type === 'tool.started' || (report.type === 'tool.invoked' && !('arguments' in report));
    if (isBare) this.send(event as ToolEvent);
    else if (report.type === 'tool.completed') {
      this.send(Object.assign(event, { durationMs: report.durationMs }) as ToolEvent);
    } else {
      // Names and numbers hold no secrets; what handlers, approvers and errors say may.
      const masker = this.run === null ? null : this.run.maskerFor(stage);
      this.send({ ...(masker === null ? report : (masker.value(report) as ToolReport)), ...event } as ToolEvent);
    }
  }

  artifactStored(execution: StageExecution, { id, name, contentType, bytes, digest }: EventArtifact): void {
    if (!this.active) return;
    const event = { type: 'artifact.stored', ...this.about(execution) } as const;
    this.send({ ...event, artifact: { id, name, contentType, bytes, digest } });
  }

  accessGranted(stage: string, at: number): void {
    if (!this.active) return;
    this.send({
      type: 'access.granted',
      sequence: ++this.sequence,
      runId: this.runId,
      parentRunId: this.parentRunId,
      correlationId: this.correlationId,
      lineage: this.lineage,
      pipeline: this.pipeline,
      at: this.epoch + at,
      stage,
    });
  }

  /** What all events say that happen during a stage, or during the work on one of its items, whose key is named. */
  private about(execution: StageExecution) {
    const base = { ...this.base(this.clock.now()), stage: execution.stage.name };
    return execution instanceof ItemExecution ? { ...base, item: this.masked(execution.key, execution.stage) } : base;
  }
}
