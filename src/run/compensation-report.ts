import type { StageflowError } from '../errors/index.js';

export interface CompensationFailure {
  readonly stage: string;
  readonly error: StageflowError;
}

/** What became of the work of a run that failed or was cancelled. */
export interface CompensationReport {
  /** Work stages that were undone, in the order they were. */
  readonly undone: readonly string[];
  /** Work stages that completed and have no compensation: what they did stands. */
  readonly stands: readonly string[];
  /** What could not be undone, and why. */
  readonly failed: readonly CompensationFailure[];
}
