import type { RunEvents } from './event-log.js';
import type { PipelineCancelledError, RunFailedError, StageFailedError } from './run-errors.js';
import type { RunResults } from './run-results.js';

/** How a run ended. Switch on `status`; `results` is there in every case. */
export type RunOutcome<M = any> =
  | { readonly status: 'completed'; readonly results: RunResults<M> }
  | { readonly status: 'failed'; readonly results: RunResults<M>; readonly error: StageFailedError | RunFailedError }
  | { readonly status: 'cancelled'; readonly results: RunResults<M>; readonly error: PipelineCancelledError };

/** A run in progress: what `start` gives. */
export interface PipelineRun<M = any> {
  readonly id: string;
  readonly events: RunEvents;
  /** Settles when nothing of the run is alive and everything is cleaned up. Never rejects for what a stage did. */
  readonly result: Promise<RunOutcome<M>>;
  /** Cancels the whole run; it settles once its stages have stopped. Without effect on a run that has been decided. */
  cancel(reason?: unknown): void;
  /**
   * Cancels one stage and, by the run's failure policy, what requires it; the rest goes on.
   * @returns whether the stage was running
   */
  cancelStage(stage: string, reason?: unknown): boolean;
  /**
   * Cancels one item of a stage with `@ForEach`, at once or when its turn comes; what that means for the stage its policy says.
   * @returns whether the stage was at its items and this one had not ended. Of a source that is read as it goes an item that
   * has not come yet counts as one that may come
   */
  cancelItem(stage: string, key: string, reason?: unknown): boolean;
}
