import type { AuthContext, OrgContext } from '../auth/index.js';
import type { Clock } from '../clock/index.js';
import type { BagView, ContextSnapshot } from '../context/index.js';
import type { ErrorClassification } from '../errors/index.js';
import type { StageflowLogger } from '../events/index.js';
import type { GuardFeedback } from './guard-feedback.js';
import type { ChildResults, SpawnableModule, SpawnablePipeline, SpawnInput, SpawnOptions } from './spawn.js';
import type { StageArtifacts } from './stage-artifacts.js';
import type { StageInputs } from './stage-inputs.js';
import type { StageFailure } from './stage-output.js';
import type { StageSpec } from './stage-spec.js';
import type { StageTools, ToolSpec } from './stage-tools.js';

/**
 * What a stage works with. `D` names what `execute` reads: `StageContext<typeof Fetch | OptionalDependency<typeof Rank>>`.
 * Without an argument reads are checked at run time only. `I` is the type of `snapshot.input`.
 */
export interface StageContext<in out D = any, out I = unknown> {
  /** The stage this context belongs to. */
  readonly stage: StageSpec;
  /** The tool whose call an interceptor is around; null around stages, and for stages themselves. */
  readonly tool: ToolSpec | null;
  /** The name of the pipeline that runs. */
  readonly pipeline: string;
  readonly runId: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Why a guard sent the run back to this stage; null unless it has, and then until it is computed for another reason. */
  readonly feedback: GuardFeedback | null;
  /** What the run was started with. Frozen. */
  readonly snapshot: ContextSnapshot<I>;
  readonly inputs: StageInputs<D>;
  readonly auth: AuthContext;
  readonly org: OrgContext;
  /**
   * Aborts when the run is cancelled, a sibling fails under `fail-fast`, or this attempt passes its limit. Hand it to
   * everything that waits. Made when first read.
   */
  readonly signal: AbortSignal;
  /** Whether `signal` has aborted; reading it makes no signal. */
  readonly cancelled: boolean;
  /** How long the stage has been running, all attempts included, in ms: a reading that the engine takes anyway. */
  readonly elapsedMs: number;
  /** The time of the run. Tests drive it with a clock of their own. */
  readonly clock: Clock;
  /** Carries run, pipeline and stage on every line, and writes no secrets. */
  readonly logger: StageflowLogger;
  /** Write-once facts shared by the stages of this run. */
  readonly bag: BagView;
  /** Files and other large results, kept beside the run. */
  readonly artifacts: StageArtifacts;
  /** The tools of the pipeline. @throws TOOL_UNKNOWN if it has none */
  readonly tools: StageTools;

  /** Sends an event of your own to the run's sinks, with the run's ids, which `data` cannot override, and secrets masked. */
  emit(name: string, data?: unknown): void;
  /** Reports how far the stage is. @param fraction 0 to 1. */
  progress(fraction: number, note?: string): void;
  /** @throws STAGE_CANCELLED if the run was cancelled or this attempt passed its limit. Call it between units of work. */
  checkpoint(): void;
  /**
   * Runs `cleanup` once after every stage of the run has stopped, however the run ended: last registered first, within
   * the run's shared cleanup budget.
   */
  onCleanup(cleanup: () => void | Promise<void>): void;
  /**
   * Starts a run of another pipeline and waits for it: what `Pipeline.build()` made, or a module of the application. It has its
   * own run id, bag and snapshot; the caller and the lineage are those of this run, and what cancels this stage cancels it.
   * The stage settles after every run it has started. If the run is cancelled and the stage lets that through, the stage
   * cancels its own run, as `StageOutput.cancel` does.
   * @throws StageFailedError, RunFailedError, PipelineCancelledError of the run, each with what was completed
   * @throws CHILD_TOO_DEEP, CHILD_TOO_LATE, CHILD_UNKNOWN, REGISTRY_UNKNOWN, RUN_INPUT_INVALID, STAGE_CANCELLED
   */
  spawn<M>(pipeline: SpawnablePipeline<M>, input?: SpawnInput, options?: SpawnOptions): Promise<ChildResults<M>>;
  spawn(module: SpawnableModule, input?: SpawnInput, options?: SpawnOptions): Promise<ChildResults>;
  /** Waits on the run's clock; ends early with STAGE_CANCELLED when `signal` aborts. */
  sleep(delayMs: number): Promise<void>;
  /**
   * Runs `call` under a limit. On expiry the signal of the context handed to `call` aborts; once `call` has settled, or
   * the grace period is over, this rejects with STAGE_TIMEOUT, whatever `call` did. 0 means no limit.
   */
  withTimeout<T>(limitMs: number, call: (ctx: StageContext<D, I>) => T | Promise<T>): Promise<T>;
  /**
   * The same for a call that may take long but must get on: the limit begins anew whenever the stage calls `progress`.
   * @param quietMs how long it may go without
   */
  withHeartbeat<T>(quietMs: number, call: (ctx: StageContext<D, I>) => T | Promise<T>): Promise<T>;
  /** What kind of failure this is, by the classifier of the application. */
  classify(failure: StageFailure): ErrorClassification;
  /** For interceptors that will call `next()` again: reported as `stage.retry_scheduled`. */
  retryScheduled(delayMs: number, failure: StageFailure): void;
  /** For interceptors that give up: reported as `stage.retry_exhausted`. */
  retryExhausted(failure: StageFailure): void;
}
