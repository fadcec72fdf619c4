/*
 * What is different for a stage of a run that is written down, or that was begun in an earlier process.
 *
 * Invariants
 *  1. A stage that has ended before is not called again, and its end is not reported as a new one.
 *  2. What may not happen unless it is known to begin waits until the journal has it; if the journal cannot have it, the
 *     stage fails without being called.
 */
import { SkipCause } from '../events/index.js';
import { deepFreeze } from '../payload/index.js';
import { StageOutput } from '../stage/index.js';
import { type AskingRun, mayEnter } from './ask-access.js';
import type { ExecutionContext } from './execution-context.js';
import { type ReturningRun, recordGuard } from './guard-retries.js';
import { recordCancelled, recordOutput, recordSkip } from './record-settlement.js';
import { RecordedError } from './recorded-error.js';
import type { RecordedStage, RunRecorder } from './run-recorder.js';
import { Settlement, Verdict } from './scheduler.js';
import { settleOutput } from './settle-output.js';
import type { StageExecution } from './stage-execution.js';

/** A run that is written down. */
export interface RecordingRun extends AskingRun, ReturningRun {
  readonly record: RunRecorder | null;
  complete(execution: StageExecution, settlement: Settlement): void;
  loops: ReturningRun['loops'];
  readonly executions: ReturningRun['executions'];
}

/** `mayEnter` for a run that is written down. */
export function mayEnterRecorded(
  run: RecordingRun,
  execution: StageExecution,
  ctx: ExecutionContext,
  verdict: Verdict,
): boolean {
  // Why a stage cannot run is worked out again: it takes no code of others.
  const recorded = verdict === Verdict.Run ? (run.record as RunRecorder).restore(run, execution) : null;
  if (recorded === null) return mayEnter(run, execution, ctx, verdict);
  if (execution.stage.loop === null) restore(run, execution, recorded);
  // Whoever can send the run back must not settle while stages are being started.
  else queueMicrotask(() => restoreLate(run, execution, recorded));
  return false;
}

/** @returns whether the stage is not called now: it has been settled, or will be entered or settled later */
export function isHeld(run: RecordingRun, execution: StageExecution, ctx: ExecutionContext): boolean {
  const answer = (run.record as RunRecorder).starting(run, execution);
  if (answer === null) return false;
  if (answer instanceof StageOutput) refuse(run, execution, answer);
  else
    answer.then(
      () => enterLate(run, execution, ctx),
      (error) => refuse(run, execution, StageOutput.fail(error)),
    );
  return true;
}

function enterLate(run: RecordingRun, execution: StageExecution, ctx: ExecutionContext): void {
  const { index } = execution.stage;
  run.time.expire();
  if (run.life.ended) return;
  if (run.life.decided) run.settledAs(execution, Settlement.Blocks);
  else if (run.stageCancels?.has(index)) {
    run.settledAs(execution, recordCancelled(run, execution, run.stageCancels.get(index)));
  } else run.enter(execution, ctx);
}

function refuse(run: RecordingRun, execution: StageExecution, output: StageOutput): void {
  run.time.expire();
  if (run.life.ended) return;
  settleOutput(run, execution, output);
  run.resume();
}

function restoreLate(run: RecordingRun, execution: StageExecution, recorded: RecordedStage): void {
  run.time.expire();
  if (run.life.ended) return;
  if (run.life.decided) run.settledAs(execution, Settlement.Blocks);
  else restore(run, execution, recorded);
}

function restore(run: RecordingRun, execution: StageExecution, recorded: RecordedStage): void {
  const { reporter, resources, life } = run;
  const { stage } = execution;
  for (const [key, value] of recorded.bag) resources.bag.set(key, value, stage.name);
  for (const ref of recorded.artifacts) resources.addArtifact(ref);
  execution.attempts = recorded.attempts;
  if (recorded.startedAt !== null) execution.startedAt = run.time.now();
  const { active } = reporter;
  reporter.active = false;
  const settlement = settlementOf(run, execution, recorded);
  reporter.active = active;
  const { status, attempts, durationMs } = recorded;
  reporter.rare({ type: 'stage.restored', stage: stage.name, status, attempts, durationMs });
  run.settledAs(execution, settlement);
  if (recorded.endsRun) life.cancelledBy(stage.name, recorded.reason);
}

function settlementOf(run: RecordingRun, execution: StageExecution, recorded: RecordedStage): Settlement {
  const { reason, failure, skipCause } = recorded;
  if (recorded.status === 'cancel') {
    execution.data = recorded.data;
    return recordCancelled(run, execution, reason);
  }
  if (recorded.status === 'skip' && skipCause === SkipCause.NotSelected) {
    recordSkip(run, execution, skipCause, reason ?? '');
    return Settlement.NotSelected;
  }
  if (recorded.status === 'skip') return recordOutput(run, execution, StageOutput.skip(reason ?? ''));
  if (failure === null) return settleGuarded(run, execution, StageOutput.ok(restoredData(execution, run, recorded)));
  const { code, hint, retryable } = failure;
  const output = StageOutput.fail(new RecordedError(failure), {
    code,
    ...(hint === null ? {} : { hint }),
    ...(retryable === null ? {} : { retryable }),
    ...(recorded.data === undefined ? {} : { data: recorded.data }),
  });
  return settleGuarded(run, execution, output);
}

/** A guard that has sent the run back does so again, and so do its rounds come back; one that had given up stands. */
function settleGuarded(run: RecordingRun, execution: StageExecution, output: StageOutput): Settlement {
  const standing = execution.stage.loop === null || output.failure?.code === 'GUARD_RETRY_EXHAUSTED';
  return standing ? recordOutput(run, execution, output) : recordGuard(run, execution, output);
}

/** Instances of a DTO become that again where its contract says so at once. */
function restoredData({ stage }: StageExecution, run: RecordingRun, { data = {} }: RecordedStage): object {
  const contract = stage.outputClass === null ? null : run.compiled.bound.stages[stage.index]?.contracts?.output;
  const checked = contract?.check(data) ?? null;
  if (checked === null || checked instanceof Promise || !checked.ok) return data;
  return deepFreeze(checked.value as object, { instances: true });
}
