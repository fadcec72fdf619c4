import type { ErrorCategory, ErrorClassification } from '../errors/index.js';
import { messageOf, type StageFailure, StageOutput } from '../stage/index.js';

/** One attempt of a stage that was given up: found as `attempts` in the data of its failure, the first attempt first. */
export interface RetryAttempt {
  readonly attempt: number;
  readonly code: string;
  readonly message: string;
  readonly category: ErrorCategory;
  /** The wait after it, in ms; null for the last. */
  readonly delayMs: number | null;
}

/** The list cannot grow without end: of more attempts than this, the first half and the latest are kept. */
const MOST_KEPT = 100;

/** What became of each attempt so far. Belongs to one execution. */
export class AttemptList {
  readonly #attempts: RetryAttempt[] = [];
  #count = 0;

  add(failure: StageFailure, { category }: ErrorClassification, delayMs: number | null): void {
    const { code, error } = failure;
    if (this.#attempts.length === MOST_KEPT) this.#attempts.splice(MOST_KEPT / 2, 1);
    this.#attempts.push(Object.freeze({ attempt: ++this.#count, code, message: messageOf(error), category, delayMs }));
  }

  /** The same failure with the attempts as its data, unless the stage gave it data. */
  attachTo(failed: StageOutput): StageOutput {
    const { failure, data } = failed;
    if (failure === null || data !== undefined) return failed;
    const { error, code, retryable, hint } = failure;
    return StageOutput.fail(error, {
      code,
      ...(retryable === null ? {} : { retryable }),
      ...(hint === null ? {} : { hint }),
      data: Object.freeze({ attempts: Object.freeze(this.#attempts) }),
    });
  }
}
