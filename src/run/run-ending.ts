/* What comes after the last stage of a run has stopped: cleanups, results, the last event, the outcome. */
import { messageOf, type StageFailure } from '../stage/index.js';
import type { CleanupFailure } from './cleanup-stack.js';
import { undoWork } from './compensations.js';
import type { Decision } from './decision.js';
import type { RunOutcome } from './pipeline-run.js';
import { type MaskText, PipelineCancelledError, RunFailedError, stageError } from './run-errors.js';
import type { RunMasker } from './run-masker.js';
import type { RunReporter } from './run-reporter.js';
import { RunResults } from './run-results.js';
import type { RunState } from './run-state.js';

/** The run as its ending sees it. */
export interface EndingRun extends RunState {
  readonly startedAt: number;
}

const NO_FAILURES: readonly CleanupFailure[] = Object.freeze([]);

/** @param decision null if every stage was dealt with and none failed the run */
export function endRun(run: EndingRun, decision: Decision | null, resolve: (outcome: RunOutcome) => void): void {
  const { work } = run.resources;
  if (work === null) cleanUp(run, decision, resolve);
  // What a guard sent back may still be undone when the run is decided.
  else undoWork(run, work, () => decision !== null).then(() => cleanUp(run, decision, resolve));
}

function cleanUp(run: EndingRun, decision: Decision | null, resolve: (outcome: RunOutcome) => void): void {
  const { resources, parts } = run;
  if (!resources.hasCleanups) {
    written(run, decision, conclude(run, decision, NO_FAILURES), resolve);
    return;
  }
  resources.cleanups.run(parts.clock, parts.cleanupMs).then((failures) => {
    run.time.expire();
    parts.deadlines.release(); // cleanups may have used limits
    written(run, decision, conclude(run, decision, failures), resolve);
  });
}

/** Whoever hears how a run ended may rely on it that the journal says so, too. */
function written(
  run: EndingRun,
  decision: Decision | null,
  outcome: RunOutcome,
  resolve: (outcome: RunOutcome) => void,
): void {
  const end = run.record === null ? null : run.record.ended(run, decision);
  if (end === null) resolve(outcome);
  else end.then(() => resolve(outcome));
}

function conclude(run: EndingRun, decision: Decision | null, cleanupFailures: readonly CleanupFailure[]): RunOutcome {
  run.resources.close();
  for (const failure of cleanupFailures) run.reporter.cleanupFailed(failure);
  const { clock, classifier } = run.parts;
  const settledAt = run.time.now();
  const results = new RunResults({
    compiled: run.compiled,
    identity: run.snapshot.identity,
    clock,
    classifier,
    executions: run.executions,
    startedAt: run.startedAt,
    settledAt,
    abandoned: run.resources.abandoned,
    cleanupFailures,
    artifacts: run.resources.artifacts,
    bag: run.resources.facts,
    loops: run.loops,
    work: run.resources.work,
    isDecided: decision !== null,
  });
  const outcome = outcomeOf(decision, results, decision === null ? null : run.maskerFor(null));
  report(run.reporter, decision, settledAt, settledAt - run.startedAt);
  run.reporter.close();
  return outcome;
}

function outcomeOf(decision: Decision | null, results: RunResults, masker: RunMasker | null): RunOutcome {
  const mask: MaskText = (text) => (masker === null ? text : masker.text(text));
  if (decision === null) return { status: 'completed', results };
  if (decision.status === 'cancelled') {
    return {
      status: 'cancelled',
      results,
      error: new PipelineCancelledError(decision.stage, decision.reason, results, mask),
    };
  }
  const error =
    decision.stage === null
      ? new RunFailedError(decision.error, results, mask)
      : stageError(decision.stage, decision.failure, results, mask);
  return { status: 'failed', results, error };
}

function report(reporter: RunReporter, decision: Decision | null, at: number, durationMs: number): void {
  if (decision === null) reporter.pipelineCompleted(at, durationMs);
  else if (decision.status === 'cancelled') {
    reporter.pipelineCancelled(at, durationMs, decision.stage, messageOf(decision.reason));
  } else reporter.pipelineFailed(at, durationMs, decision.stage, failureOf(decision));
}

function failureOf(decision: Extract<Decision, { status: 'failed' }>): StageFailure {
  if (decision.stage !== null) return decision.failure;
  return { error: decision.error, code: decision.error.code, retryable: null, hint: null };
}
