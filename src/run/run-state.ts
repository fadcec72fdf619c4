import type { AuthContext, OrgContext } from '../auth/index.js';
import type { ContextSnapshot } from '../context/index.js';
import type { StageInstance } from '../stage/index.js';
import type { CancelScope } from './cancel-scope.js';
import type { CompiledPipeline, CompiledStage } from './compiled-stage.js';
import type { RunRounds } from './guard-loop.js';
import type { LiveChildren } from './live-children.js';
import type { RunClock } from './run-clock.js';
import type { RunLife } from './run-life.js';
import type { RunMasker } from './run-masker.js';
import type { RunOptions } from './run-options.js';
import type { RunParts } from './run-parts.js';
import type { RunRecorder } from './run-recorder.js';
import type { RunReporter } from './run-reporter.js';
import type { RunResources } from './run-resources.js';
import type { StageExecution } from './stage-execution.js';

/** What the parts of one run share. Belongs to one run; nothing of it is on the pipeline. */
export interface RunState {
  readonly pipeline: string;
  readonly compiled: CompiledPipeline;
  readonly snapshot: ContextSnapshot;
  readonly auth: AuthContext;
  readonly org: OrgContext;
  readonly options: RunOptions;
  readonly parts: RunParts;
  readonly scope: CancelScope;
  readonly time: RunClock;
  /** Why stages are cancelled that have not started, by index; null as long as there are none. */
  stageCancels: Map<number, unknown> | null;
  /** The runs that stages of this one have started; null as long as none has started any. */
  children: LiveChildren | null;
  /** Null as long as no guard has settled that can send the run back. */
  readonly loops: RunRounds | null;
  readonly life: RunLife;
  readonly reporter: RunReporter;
  /** Null if nobody writes it down. */
  readonly record: RunRecorder | null;
  readonly resources: RunResources;
  /**
   * What takes secrets out of something that is about to be written.
   * @param writer the stage it comes from; null for the run itself
   * @returns null where nothing is masked
   */
  maskerFor(writer: CompiledStage | null): RunMasker | null;
  /** By stage index; empty places are stages not yet reached. */
  readonly executions: readonly (StageExecution | undefined)[];
  instanceOf(stage: CompiledStage): StageInstance;
  /** A stage called directly has settled. Late calls are ignored. */
  settled(execution: StageExecution, value: unknown, threw: boolean): void;
}
