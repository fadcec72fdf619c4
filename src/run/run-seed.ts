import type { ContextSnapshot } from '../context/index.js';
import type { CompiledPipeline } from './compiled-stage.js';
import type { RunCaller } from './run-caller.js';
import type { RunOptions } from './run-options.js';
import type { RunParts } from './run-parts.js';
import type { RunRecorder } from './run-recorder.js';
import type { RunReporter } from './run-reporter.js';

/** What a run is made of. */
export interface RunSeed {
  readonly parts: RunParts;
  readonly compiled: CompiledPipeline;
  readonly snapshot: ContextSnapshot;
  readonly caller: RunCaller;
  readonly options: RunOptions;
  readonly reporter: RunReporter;
  /** Null if nobody writes it down. */
  readonly record: RunRecorder | null;
}
