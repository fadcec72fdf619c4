/*
 * One run of a pipeline: the driver around the scheduler.
 *
 * Owns: when stages start and what their settling means. Nothing of it is on the pipeline, so any number of runs go on
 * at once.
 * Does not own: which stage is next (scheduler), what a value becomes (record settlement), when it is over (run life).
 *
 * Invariants
 *  1. Whatever ends the run first decides its outcome: the first failure that is not tolerated (under `continue`, once
 *     everything else has finished), the first stage to return cancel, the caller's cancel, or the deadline. What
 *     settles while the run unwinds is recorded as it was, and changes the outcome no more.
 *  2. Once decided no stage starts, and everything that runs is told through its signal.
 *  3. The run ends when nothing of it is alive, or the grace period is over. What settles later is dropped.
 *  4. `#pump` never nests: completions only put stages into the ready queue, so the stack does not grow with the graph.
 */
import { AuthContext, OrgContext } from '../auth/index.js';
import type { ContextSnapshot } from '../context/index.js';
import type { StageCall } from '../interceptors/index.js';
import { type StageInstance, StageOutput, StageStatus } from '../stage/index.js';
import { abandonAll, abandonStage } from './abandon.js';
import { deselect, ruleOut } from './admission.js';
import { CancelScope } from './cancel-scope.js';
import type { CompiledPipeline, CompiledStage } from './compiled-stage.js';
import { type Decision, failedBy } from './decision.js';
import { ExecutionContext } from './execution-context.js';
import { LimitedExecution } from './limited-execution.js';
import { openInstances } from './open-instances.js';
import { isPlainObject, toOutput } from './output-of-value.js';
import type { RunOutcome } from './pipeline-run.js';
import { promiseOf } from './promise-of.js';
import { recordOk, recordOutput } from './record-settlement.js';
import * as causes from './run-causes.js';
import { RunClock } from './run-clock.js';
import { endRun } from './run-ending.js';
import { type Mortal, RunLife } from './run-life.js';
import type { RunInput, RunOptions } from './run-options.js';
import type { RunParts } from './run-parts.js';
import type { RunReporter } from './run-reporter.js';
import { RunResources } from './run-resources.js';
import type { RunState } from './run-state.js';
import { Scheduler, Settlement, Verdict } from './scheduler.js';
import { StageCancels } from './stage-cancels.js';
import { StageExecution, StageState } from './stage-execution.js';

export class Run implements RunState, Mortal {
  readonly compiled: CompiledPipeline;
  readonly pipeline: string;
  readonly snapshot: ContextSnapshot;
  readonly auth: AuthContext;
  readonly org: OrgContext;
  readonly parts: RunParts;
  readonly reporter: RunReporter;
  readonly scope = new CancelScope();
  readonly resources = new RunResources();
  readonly executions: (StageExecution | undefined)[];
  readonly time: RunClock;
  readonly life: RunLife;
  startedAt = 0;
  readonly stageCancels = new StageCancels();

  // Never assign a closure to a property here: V8 allocates it old, and it keeps the whole run alive through young GCs.
  readonly #options: RunOptions;
  readonly #scheduler: Scheduler;
  #onEnd: ((outcome: RunOutcome) => void) | null = null;
  #firstFailure: StageExecution | null = null;
  #opening = false;
  #pumping = false;
  #paused = false;

  constructor(
    parts: RunParts,
    compiled: CompiledPipeline,
    snapshot: ContextSnapshot,
    input: RunInput,
    options: RunOptions,
    reporter: RunReporter,
  ) {
    this.compiled = compiled;
    this.pipeline = compiled.bound.graph.name;
    this.snapshot = snapshot;
    this.auth = input.auth ?? AuthContext.anonymous;
    this.org = input.org ?? OrgContext.none;
    this.parts = parts;
    this.time = new RunClock(parts.clock);
    this.reporter = reporter;
    this.executions = new Array<StageExecution | undefined>(compiled.stages.length);
    this.life = new RunLife(this);
    this.#options = options;
    this.#scheduler = new Scheduler(compiled.schedule, options.maxConcurrency ?? compiled.limit);
  }

  /** @param onEnd called once, when nothing of the run is alive and everything is cleaned up */
  start(onEnd: (outcome: RunOutcome) => void): void {
    this.#onEnd = onEnd;
    this.time.paused();
    this.startedAt = this.time.now();
    this.reporter.pipelineStarted(this.startedAt, this.compiled.stages.length);
    this.#opening = true;
    this.life.begin(this.#options, this.startedAt);
    openInstances(this, this.life, () => this.#opened());
  }

  instanceOf(stage: CompiledStage): StageInstance {
    return stage.instance ?? this.resources.runScoped(stage.index);
  }

  isIdle(): boolean {
    return this.#scheduler.running === 0 && !this.#pumping && !this.#opening;
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
    this.#complete(execution, settlement);
    this.#pump();
  }

  end(decision: Decision | null): void {
    const failure = this.#firstFailure;
    endRun(
      this,
      decision ?? (failure === null ? null : failedBy(failure)),
      this.#onEnd as (outcome: RunOutcome) => void,
    );
  }

  #opened(): void {
    this.#opening = false;
    this.time.expire();
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping || this.#paused || this.#opening) return;
    this.#pumping = true;
    while (!this.life.decided) {
      const index = this.#scheduler.next();
      if (index < 0) break;
      this.#begin(this.compiled.stages[index] as CompiledStage);
      if (this.time.wantsPause()) {
        this.#pause();
        break;
      }
    }
    this.#pumping = false;
    if (this.#scheduler.running === 0 || this.life.decided) this.life.check();
  }

  #pause(): void {
    this.#paused = true;
    setImmediate(() => {
      this.#paused = false;
      this.time.paused();
      this.#pump();
    });
  }

  #begin(stage: CompiledStage): void {
    const limitMs = stage.directLimitMs;
    const execution = limitMs > 0 ? new LimitedExecution(stage, this) : new StageExecution(stage);
    this.executions[stage.index] = execution;
    const ctx = new ExecutionContext(this, execution, null);
    if (!this.#isAdmitted(execution, ctx)) return;
    execution.state = StageState.Running;
    execution.startedAt = this.time.startTime();
    if (this.reporter.active) this.reporter.stageStarted(execution);
    this.time.calling();
    if (limitMs > 0) this.parts.deadlines.arm(execution as LimitedExecution, limitMs, execution.startedAt);
    if (stage.onion === null) this.#call(execution, ctx);
    else this.#callOnion(execution, ctx, stage.onion);
  }

  #isAdmitted(execution: StageExecution, ctx: ExecutionContext): boolean {
    const { stage } = execution;
    const verdict = this.#scheduler.verdict(stage.index);
    let settlement: Settlement | null = null;
    if (verdict !== Verdict.Run || this.stageCancels.any) settlement = ruleOut(this, execution, verdict);
    if (settlement === null && stage.condition !== null) {
      settlement = deselect(this, execution, ctx);
      // The condition is code of others: it may have ended the run, and then nothing starts.
      if (settlement === null && this.life.decided) settlement = Settlement.Blocks;
    }
    if (settlement !== null) this.#complete(execution, settlement);
    return settlement === null;
  }

  /** Never rejects. Apart from #begin, which would otherwise make a scope for this closure at every call. */
  #callOnion(execution: StageExecution, ctx: ExecutionContext, onion: StageCall): void {
    onion(ctx).then((output) => this.settled(execution, output, false));
  }

  /** The common case, kept free of everything it does not need. */
  #call(execution: StageExecution, ctx: ExecutionContext): void {
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
    const passed = execution.stage.directLimitMs > 0 ? (execution as LimitedExecution).disarm() : null;
    if (passed !== null) this.#settleOutput(execution, StageOutput.fail(passed));
    else this.#settleValue(execution, value, threw);
    this.#pump();
  }

  #settleValue(execution: StageExecution, value: unknown, threw: boolean): void {
    if (!threw && isPlainObject(value)) this.#complete(execution, recordOk(this, execution, value));
    else this.#settleOutput(execution, threw ? StageOutput.fail(value) : toOutput(value, execution.stage.name));
  }

  #settleOutput(execution: StageExecution, output: StageOutput): void {
    this.#complete(execution, recordOutput(this, execution, output));
    if (output.status === StageStatus.Cancel) this.life.cancelledBy(execution.stage.name, output.reason);
  }

  #complete(execution: StageExecution, settlement: Settlement): void {
    this.#scheduler.complete(execution.stage.index, settlement);
    if (execution.state !== StageState.Fail || execution.stage.tolerated) return;
    this.#firstFailure ??= execution;
    if (this.compiled.bound.graph.failurePolicy === 'continue') return;
    this.life.decide(failedBy(execution), causes.siblingFailed(execution.stage.name));
  }
}
