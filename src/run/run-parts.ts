import type { ArtifactStore } from '../artifacts/index.js';
import type { Clock } from '../clock/index.js';
import type { ErrorClassifier } from '../errors/index.js';
import type { StageflowLogger } from '../events/index.js';
import type { MaskingRules } from '../masking/index.js';
import type { ChildHost } from './child-host.js';
import type { DeadlineQueue } from './deadline-queue.js';
import type { RunJournal } from './run-recorder.js';

/** Where large values go. */
export interface ArtifactSettings {
  readonly store: ArtifactStore;
  /** Outputs of more bytes are kept there; Infinity for none. */
  readonly thresholdBytes: number;
}

/** What the engine gives every run. */
export interface RunParts {
  readonly clock: Clock;
  readonly classifier: ErrorClassifier;
  readonly logger: StageflowLogger;
  readonly deadlines: DeadlineQueue;
  readonly graceMs: number;
  readonly cleanupMs: number;
  /** What undoing the work of one run may take. */
  readonly compensationMs: number;
  /** Null if nothing is masked. */
  readonly masking: MaskingRules | null;
  /** Null if there is no store. */
  readonly artifacts: ArtifactSettings | null;
  /** How long the access policies of one stage may take; 0 for no limit. */
  readonly verifyMs: number;
  /** The execution mode of runs that name none; null for none. */
  readonly toolMode: string | null;
  /** For stages that start runs. */
  readonly children: ChildHost;
  /** Whether events tell the arguments of tool calls. */
  readonly toolArguments: boolean;
  /** Null if runs are not written down. */
  readonly journal: RunJournal | null;
}
