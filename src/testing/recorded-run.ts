import type { PipelineEvent } from '../events/index.js';
import type { RunOutcome } from '../run/index.js';

/** A run that has ended, with everything it reported: what matchers look at. */
export interface RecordedRun {
  readonly outcome: RunOutcome;
  readonly events: readonly PipelineEvent[];
}
