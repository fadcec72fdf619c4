import { StageflowError } from '../errors/index.js';
import { messageOf, type StageFailure } from '../stage/index.js';
import type { FailureSummary } from './failure-summary.js';
import { isLimitPassed, type LimitPassedError } from './limit-passed-error.js';
import type { RunResults, StageResult } from './run-results.js';

/** Takes the secrets of the run out of a text. */
export type MaskText = (text: string) => string;

/**
 * A stage failed, and the run with it. `results` holds all that completed. The message is free of secrets that the run
 * knows; `cause` is what was thrown, unchanged, secrets included.
 */
export class StageFailedError extends StageflowError {
  readonly stage: string;
  readonly failure: StageFailure;
  readonly results: RunResults;

  constructor(
    stage: string,
    failure: StageFailure,
    results: RunResults,
    code: 'STAGE_FAILED' | 'STAGE_TIMEOUT',
    mask: MaskText,
  ) {
    const others = results.failures.filter((result) => result.stage !== stage);
    super({
      code,
      message: mask(failedMessage(stage, failure, results.pipeline, others)),
      ...fixOf(failure),
      details: { stage, pipeline: results.pipeline, runId: results.runId, failureCode: failure.code },
      cause: failure.error,
    });
    this.stage = stage;
    this.failure = failure;
    this.results = results;
  }

  /** What failed, what was skipped because of it, what stands. */
  get report(): FailureSummary {
    return this.results.summary as FailureSummary; // there is one for every run that ends in an error
  }

  /** The code the failure itself carries: your own, or stageflow's. */
  get failureCode(): string {
    return this.failure.code;
  }

  /** Whether trying again can help; null if nobody said. */
  get retryable(): boolean | null {
    return this.failure.retryable;
  }
}

/** A stage passed its limit. */
export class StageTimeoutError extends StageFailedError {
  readonly limitMs: number;

  constructor(stage: string, failure: StageFailure, passed: LimitPassedError, results: RunResults, mask: MaskText) {
    super(stage, failure, results, 'STAGE_TIMEOUT', mask);
    this.limitMs = passed.details.limitMs as number;
  }
}

/** The run itself failed: it passed its deadline, or what it needs could not be built. */
export class RunFailedError extends StageflowError {
  readonly results: RunResults;

  constructor(error: StageflowError, results: RunResults, mask: MaskText) {
    super({
      code: error.code,
      message: mask(`Pipeline "${results.pipeline}" failed: ${error.summary}`),
      ...(error.fix === undefined ? {} : { fix: error.fix }),
      details: { ...error.details, pipeline: results.pipeline, runId: results.runId },
      cause: error,
    });
    this.results = results;
  }

  /** What failed, what was skipped because of it, what stands. */
  get report(): FailureSummary {
    return this.results.summary as FailureSummary; // there is one for every run that ends in an error
  }
}

/** The run was cancelled, by its caller or by a stage that returned cancel. */
export class PipelineCancelledError extends StageflowError {
  /** The stage that returned cancel; null if the caller cancelled. */
  readonly stage: string | null;
  readonly reason: string;
  readonly results: RunResults;

  constructor(stage: string | null, reason: unknown, results: RunResults, mask: MaskText) {
    const text = mask(messageOf(reason));
    super({
      code: 'RUN_CANCELLED',
      message: `Pipeline "${results.pipeline}" was cancelled ${stage === null ? 'by its caller' : `by stage "${stage}"`}: ${text}.`,
      details: { stage, reason: text, pipeline: results.pipeline, runId: results.runId },
      cause: reason,
    });
    this.stage = stage;
    this.reason = text;
    this.results = results;
  }

  /** What failed, what was skipped because of it, what stands. */
  get report(): FailureSummary {
    return this.results.summary as FailureSummary; // there is one for every run that ends in an error
  }
}

export function stageError(
  stage: string,
  failure: StageFailure,
  results: RunResults,
  mask: MaskText,
): StageFailedError {
  return isLimitPassed(failure.error)
    ? new StageTimeoutError(stage, failure, failure.error, results, mask)
    : new StageFailedError(stage, failure, results, 'STAGE_FAILED', mask);
}

function failedMessage(stage: string, failure: StageFailure, pipeline: string, others: readonly StageResult[]): string {
  const also = others.length === 0 ? '' : ` Also failed: ${others.map((other) => `"${other.stage}"`).join(', ')}.`;
  return `Stage "${stage}" of pipeline "${pipeline}" failed: ${sentence(summaryOf(failure.error))}${also}`;
}

/** The error's own advice becomes that of the run, instead of standing in the middle of its message. */
function fixOf({ hint, error }: StageFailure): { readonly fix?: string } {
  const fix = hint ?? (isStageflowError(error) ? error.fix : undefined);
  return fix === undefined ? {} : { fix };
}

function summaryOf(error: unknown): string {
  return isStageflowError(error) ? error.summary : messageOf(error);
}

function isStageflowError(error: unknown): error is StageflowError {
  try {
    return error instanceof StageflowError;
  } catch {
    return false;
  }
}

function sentence(text: string): string {
  return /[.!?\]]$/.test(text) ? text : `${text}.`;
}
