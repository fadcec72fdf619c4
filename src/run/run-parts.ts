import type { Clock } from '../clock/index.js';
import type { StageflowLogger } from '../events/index.js';
import type { DeadlineQueue } from './deadline-queue.js';

/** What the engine gives every run. */
export interface RunParts {
  readonly clock: Clock;
  readonly logger: StageflowLogger;
  readonly deadlines: DeadlineQueue;
  readonly graceMs: number;
  readonly cleanupMs: number;
  /** How long the access policies of one stage may take; 0 for no limit. */
  readonly verifyMs: number;
}
