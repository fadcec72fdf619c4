/*
 * One run of a pipeline: the driver around the scheduler. Nothing of it is on the pipeline, so any number go on at once.
 *
 * Owns: when stages start and what their settling means.
 * Does not own: which stage is next (scheduler), what a value becomes (record settlement), when it is over (run life).
 *
 * Invariants
 *  1. What ends the run first decides its outcome: a failure that is not tolerated (under `continue`, once all else has
 *     finished), a stage that returns cancel, the caller's cancel, or the deadline. What settles later is only recorded.
 *  2. Once decided no stage starts, and everything that runs is told through its signal.
 *  3. The run ends when nothing of it is alive, or the grace period is over. What settles later is dropped.
 *  4. `pump` never nests: completions only put stages into the ready queue, so the stack does not grow with the graph.
 */
import type { AuthContext, OrgContext } from '../auth/index.js';
import type { ContextSnapshot } from '../context/index.js';
import type { StageCall } from '../interceptors/index.js';
import { type StageInstance, StageOutput, StageStatus } from '../stage/index.js';
import { abandonAll, abandonStage } from './abandon.js';
import { refuseAdmission } from './admission.js';
import { isAllowed } from './ask-access.js';
import { CancelScope } from './cancel-scope.js';
import type { CompiledPipeline, CompiledStage } from './compiled-stage.js';
import { type Decision, failedBy } from './decision.js';
import { isTolerated } from './denials.js';
import { ExecutionContext } from './execution-context.js';
import { isPlainObject, toOutput } from './output-of-value.js';
import type { RunOutcome } from './pipeline-run.js';
import { promiseOf } from './promise-of.js';
import { recordOk, recordOutput } from './record-settlement.js';
import type { RunCaller, Verification } from './run-caller.js';
import { siblingFailed } from './run-causes.js';
import { RunClock } from './run-clock.js';
import { endRun } from './run-ending.js';
import { type Mortal, RunLife } from './run-life.js';
import type { Listed } from './run-list.js';
import type { RunMasker } from './run-masker.js';
import type { RunOptions } from './run-options.js';
import type { RunParts } from './run-parts.js';
import type { RunReporter } from './run-reporter.js';
import { RunResources } from './run-resources.js';
import type { RunState } from './run-state.js';
import { Scheduler, Settlement, Verdict } from './scheduler.js';
import { StageExecution, StageState } from './stage-execution.js';
import { armLimit } from './stage-limit.js';
import { learnCaller } from './verify-caller.js';

const Hold = { Opening: 1, Pumping: 2, Paused: 4 } as const;

export class Run implements RunState, Mortal, Listed<Run> {
  readonly compiled: CompiledPipeline;
  readonly pipeline: string;
  snapshot: ContextSnapshot;
  auth: AuthContext;
  org: OrgContext;
  verification: Verification | null;
  readonly parts: RunParts;
  readonly reporter: RunReporter;
  readonly scope = new CancelScope();
  readonly resources = new RunResources();
  readonly executions: (StageExecution | undefined)[];
  readonly time: RunClock;
  readonly life: RunLife;
  startedAt = 0;
  previous: Run | null = null;
  following: Run | null = null;
  stageCancels: Map<number, unknown> | null = null;

  // Never assign a closure to a property here: V8 allocates it old, and it keeps the whole run alive through young GCs.
  // Methods are private by type only: calling a `#method` costs more than what most of them do.
  readonly options: RunOptions;
  readonly #scheduler: Scheduler;
  #onEnd: ((outcome: RunOutcome) => void) | null = null;
  #firstFailure: StageExecution | null = null;
  /** Why no stage may start at the moment: any of Hold. */
  #held = 0;

  constructor(
    parts: RunParts,
    compiled: CompiledPipeline,
    snapshot: ContextSnapshot,
    caller: RunCaller,
    options: RunOptions,
    reporter: RunReporter,
  ) {
    this.compiled = compiled;
    this.pipeline = compiled.bound.graph.name;
    this.snapshot = snapshot;
    this.auth = caller.auth;
    this.org = caller.org;
    this.verification = caller.verification;
    this.parts = parts;
    this.time = new RunClock(parts.clock);
    this.reporter = reporter;
    reporter.reportsOn(this);
    this.executions = new Array<StageExecution | undefined>(compiled.stages.length);
    this.life = new RunLife(this);
    this.options = options;
    this.#scheduler = new Scheduler(compiled.schedule, options.maxConcurrency ?? compiled.limit);
  }

  /** @param onEnd called once, when nothing of the run is alive and everything is cleaned up */
  start(onEnd: (outcome: RunOutcome) => void): void {
    this.#onEnd = onEnd;
    this.startedAt = this.time.paused();
    this.reporter.pipelineStarted(this.startedAt, this.compiled.stages.length);
    this.#held = Hold.Opening;
    this.life.begin(this.options, this.startedAt);
    learnCaller(this);
  }

  instanceOf(stage: CompiledStage): StageInstance {
    return stage.instance ?? this.resources.runScoped(stage.index);
  }

  maskerFor(writer: CompiledStage | null): RunMasker | null {
    return this.resources.maskerFor(this, writer);
  }

  isIdle(): boolean {
    return this.#scheduler.running === 0 && (this.#held & (Hold.Pumping | Hold.Opening)) === 0;
  }

  isDone(): boolean {
    return this.#scheduler.done;
  }

  giveUp(): void {
    abandonAll(this);
  }

  giveUpOn(execution: StageExecution): void {
    abandonStage(this, execution);
  }

  settledAs(execution: StageExecution, settlement: Settlement): void {
    this.complete(execution, settlement);
    this.pump();
  }

  end(decision: Decision | null): void {
    const failed = this.#firstFailure && failedBy(this.#firstFailure);
    endRun(this, decision ?? failed, this.#onEnd as (outcome: RunOutcome) => void);
  }

  opened(): void {
    this.#held &= ~Hold.Opening;
    this.pump();
  }

  private pump(): void {
    if (this.#held !== 0) return;
    this.#held = Hold.Pumping;
    while (!this.life.decided) {
      const index = this.#scheduler.next();
      if (index < 0) break;
      this.begin(this.compiled.stages[index] as CompiledStage);
      if (this.time.wantsPause()) {
        this.pause();
        break;
      }
    }
    this.#held &= ~Hold.Pumping;
    if (this.#scheduler.running === 0 || this.life.decided) this.life.check();
  }

  private pause(): void {
    this.#held |= Hold.Paused;
    setImmediate(() => {
      this.#held &= ~Hold.Paused;
      this.time.paused();
      this.pump();
    });
  }

  private begin(stage: CompiledStage): void {
    const execution = new StageExecution(stage);
    this.executions[stage.index] = execution;
    const ctx = new ExecutionContext(this, execution, null);
    const verdict = this.#scheduler.verdict(stage.index);
    const isOpen = verdict === Verdict.Run && stage.isOpen && this.stageCancels === null;
    if (isOpen || this.admits(execution, ctx, verdict)) this.enter(execution, ctx);
  }

  enter(execution: StageExecution, ctx: ExecutionContext): void {
    const { stage } = execution;
    execution.state = StageState.Running;
    execution.startedAt = this.time.startTime();
    if (this.reporter.active) this.reporter.stageStarted(execution);
    this.time.calling();
    if (stage.directLimitMs > 0) armLimit(this, execution);
    if (stage.onion === null) this.call(execution, ctx);
    else this.callOnion(execution, ctx, stage.onion);
  }

  private admits(execution: StageExecution, ctx: ExecutionContext, verdict: Verdict): boolean {
    const settlement = refuseAdmission(this, execution, ctx, verdict);
    if (settlement !== null) this.complete(execution, settlement);
    return settlement === null && (execution.stage.access === null || isAllowed(this, execution, ctx));
  }

  // Apart from `enter`, which would otherwise make a scope for this closure at every call.
  private callOnion(execution: StageExecution, ctx: ExecutionContext, onion: StageCall): void {
    onion(ctx).then((output) => this.settled(execution, output, false));
  }

  private call(execution: StageExecution, ctx: ExecutionContext): void {
    execution.attempts = 1;
    let result: unknown;
    let pending: Promise<unknown> | null;
    try {
      result = this.instanceOf(execution.stage).execute(ctx);
      pending = promiseOf(result);
    } catch (error) {
      this.settled(execution, error, true);
      return;
    }
    if (pending === null) this.settled(execution, result, false);
    else {
      pending.then(
        (value) => this.settled(execution, value, false),
        (error: unknown) => this.settled(execution, error, true),
      );
    }
  }

  /** A stage has settled. The common case first: a plain object, which stands for ok. */
  settled(execution: StageExecution, value: unknown, threw: boolean): void {
    if (execution.state !== StageState.Running) return;
    this.time.expire();
    const { stage } = execution;
    const passed = execution.limit === null ? null : execution.limit.disarm();
    if (threw || passed !== null) this.settleOutput(execution, StageOutput.fail(passed ?? value));
    else if (isPlainObject(value)) this.#scheduler.complete(stage.index, recordOk(this, execution, value));
    else this.settleOutput(execution, toOutput(value, stage.name));
    this.pump();
  }

  private settleOutput(execution: StageExecution, output: StageOutput): void {
    this.complete(execution, recordOutput(this, execution, output));
    if (output.status === StageStatus.Cancel) this.life.cancelledBy(execution.stage.name, output.reason);
  }

  private complete(execution: StageExecution, settlement: Settlement): void {
    this.#scheduler.complete(execution.stage.index, settlement);
    if (execution.state !== StageState.Fail || isTolerated(execution)) return;
    this.#firstFailure ??= execution;
    if (this.compiled.bound.graph.failurePolicy === 'continue') return;
    this.life.decide(failedBy(execution), siblingFailed(execution.stage.name));
  }
}
