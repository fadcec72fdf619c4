import type { AuthContext, OrgContext } from '../auth/index.js';
import type { ContextSnapshot } from '../context/index.js';
import type { BoundPipeline } from './bound-pipeline.js';
import type { LiveChild } from './live-children.js';
import type { RunOutcome } from './pipeline-run.js';
import type { RunOptions } from './run-options.js';
import type { RunOrigin } from './run-origin.js';
import type { RunRecorder } from './run-recorder.js';

/** Finds the pipeline of a module among those of an application. @throws REGISTRY_UNKNOWN */
// Typed where it is made: this folder knows no modules.
export type PipelineFinder = (module: any) => BoundPipeline;

/** What a run that a stage starts is made of, besides its pipeline. */
export interface ChildSeed {
  readonly snapshot: ContextSnapshot;
  /** Those of the run above, as they were verified there. */
  readonly auth: AuthContext;
  readonly org: OrgContext;
  readonly options: RunOptions;
  readonly origin: RunOrigin;
  /** Null if nobody writes down the run above. */
  readonly record: RunRecorder | null;
}

/** A run that is ready to start. */
export interface ChildRun extends LiveChild {
  /** @param onEnd called once, when nothing of the run is alive and everything is cleaned up; perhaps before this returns */
  launch(onEnd: (outcome: RunOutcome) => void): void;
}

/** What the engine does for runs whose stages start others. */
export interface ChildHost {
  /** How many runs may be above one. */
  readonly maxDepth: number;
  /** Null outside of an application. */
  readonly find: PipelineFinder | null;
  /** @throws RUN_INPUT_INVALID, AUTH_NOT_CONFIGURED */
  open(pipeline: BoundPipeline, seed: ChildSeed): ChildRun;
}
