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
import type { AccessRule, AuthContext, OrgContext } from '../auth/index.js';
import type { ContextSnapshot } from '../context/index.js';
import type { StageInstance } from '../stage/index.js';
import { abandon } from './abandon.js';
import { isAllowed, mayEnter } from './ask-access.js';
import { callStage } from './call-stage.js';
import { CancelScope } from './cancel-scope.js';
import type { CompiledPipeline, CompiledStage } from './compiled-stage.js';
import { type Decision, failedBy } from './decision.js';
import { ExecutionContext } from './execution-context.js';
import type { GuardRetries } from './guard-retries.js';
import type { LiveChildren } from './live-children.js';
import { isPlainObject } from './output-of-value.js';
import type { RunOutcome } from './pipeline-run.js';
import { recordOk } from './record-settlement.js';
import { isHeld, mayEnterRecorded } from './recorded-stage.js';
import type { Verification } from './run-caller.js';
import { siblingFailed } from './run-causes.js';
import { RunClock } from './run-clock.js';
import { endRun } from './run-ending.js';
import { type Mortal, RunLife } from './run-life.js';
import type { Listed } from './run-list.js';
import type { RunMasker } from './run-masker.js';
import type { RunOptions } from './run-options.js';
import type { RunParts } from './run-parts.js';
import type { RunRecorder } from './run-recorder.js';
import type { RunReporter } from './run-reporter.js';
import { RunResources } from './run-resources.js';
import type { RunSeed } from './run-seed.js';
import type { RunState } from './run-state.js';
import { Scheduler, Settlement } from './scheduler.js';
import { isStale, leftInline, settleOther } from './settle-output.js';
import { StageExecution, StageState } from './stage-execution.js';
import { standingFailure } from './standing-failure.js';
import { isTolerated } from './tolerated.js';
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
  readonly record: RunRecorder | null;
  readonly scope = new CancelScope();
  readonly resources = new RunResources();
  readonly executions: (StageExecution | undefined)[];
  readonly time: RunClock;
  readonly life: RunLife;
  startedAt = 0;
  previous: Run | null = null;
  following: Run | null = null;
  stageCancels: Map<number, unknown> | null = null;
  loops: GuardRetries | null = null;
  children: LiveChildren | null = null;
  granted: readonly AccessRule[] | null = null;

  // Never assign a closure to a property here: V8 allocates it old, which keeps the whole run alive through young GCs.
  // Methods are private by type only: a `#method` costs more to call than what most of them do.
  readonly options: RunOptions;
  private readonly scheduler: Scheduler;
  private onEnd: ((outcome: RunOutcome) => void) | null = null;
  private firstFailure: StageExecution | null = null;
  private held = 0; // why no stage may start: any of Hold

  constructor({ parts, compiled, snapshot, caller, options, reporter, record }: RunSeed) {
    this.compiled = compiled;
    this.pipeline = compiled.bound.graph.name;
    this.snapshot = snapshot;
    this.auth = caller.auth;
    this.org = caller.org;
    this.verification = caller.verification;
    this.parts = parts;
    this.time = new RunClock(parts.clock);
    this.reporter = reporter;
    this.record = record;
    reporter.reportsOn(this);
    this.executions = new Array<StageExecution | undefined>(compiled.stages.length);
    this.life = new RunLife(this);
    this.options = options;
    this.scheduler = new Scheduler(compiled.schedule, options.maxConcurrency ?? compiled.limit);
  }

  /** @param onEnd called once, when nothing of the run is alive and everything is cleaned up */
  start(onEnd: (outcome: RunOutcome) => void): void {
    this.onEnd = onEnd;
    this.startedAt = this.time.paused();
    this.reporter.pipelineStarted(this.startedAt, this.compiled.stages.length);
    this.held = Hold.Opening;
    this.life.begin(this.options, this.startedAt);
    learnCaller(this);
  }

  instanceOf(stage: CompiledStage): StageInstance {
    return stage.instance ?? this.resources.runScoped(stage);
  }

  maskerFor(writer: CompiledStage | null): RunMasker | null {
    return this.resources.maskerFor(this, writer);
  }

  isIdle(): boolean {
    return this.scheduler.running === 0 && (this.held & (Hold.Pumping | Hold.Opening)) === 0;
  }

  isDone(): boolean {
    return this.scheduler.done && (this.loops === null || !this.loops.goingBack);
  }

  giveUp(execution: StageExecution | null): void {
    abandon(this, execution);
  }

  settledAs(execution: StageExecution, settlement: Settlement): void {
    this.complete(execution, settlement);
    this.pump();
  }

  reset(stages: readonly number[]): void {
    this.scheduler.reset(stages);
    if (this.firstFailure !== null) this.firstFailure = standingFailure(this.executions);
  }

  end(decision: Decision | null): void {
    const why = decision ?? (this.firstFailure && failedBy(this.firstFailure));
    endRun(this, why, this.onEnd as (outcome: RunOutcome) => void);
  }

  resume(): void {
    this.held &= ~Hold.Opening;
    this.pump();
  }

  private pump(): void {
    if (this.held !== 0 || (this.loops !== null && !this.loops.settle())) return;
    this.held = Hold.Pumping;
    const { scheduler, life } = this;
    while (!life.decided) {
      const index = scheduler.next();
      if (index < 0) break;
      this.begin(this.compiled.stages[index] as CompiledStage);
      if (this.time.wantsPause()) {
        this.pause();
        break;
      }
    }
    this.held &= ~Hold.Pumping;
    if (scheduler.running === 0 || life.decided) life.check();
  }

  private pause(): void {
    this.held |= Hold.Paused;
    setImmediate(() => {
      this.held &= ~Hold.Paused;
      this.time.paused();
      this.pump();
    });
  }

  /** What can keep a stage from being called, asked for where there is any such thing. */
  private mayCall(execution: StageExecution, ctx: ExecutionContext): boolean {
    const verdict = this.scheduler.verdict(execution.stage.index);
    const may = this.record === null ? mayEnter : mayEnterRecorded;
    return may(this, execution, ctx, verdict) && (this.record === null || !isHeld(this, execution, ctx));
  }

  private begin(stage: CompiledStage): void {
    const execution = new StageExecution(stage);
    const ctx = new ExecutionContext(this, execution, null);
    this.executions[stage.index] = execution;
    const isFree = stage.isOpen && this.scheduler.isUniform && this.stageCancels === null && this.record === null;
    const may = isFree ? stage.access === null || isAllowed(this, execution, ctx) : this.mayCall(execution, ctx);
    if (may) this.call(execution, ctx);
  }

  enter(execution: StageExecution, ctx: ExecutionContext): void {
    if (this.record === null || !isHeld(this, execution, ctx)) this.call(execution, ctx);
  }

  private call(execution: StageExecution, ctx: ExecutionContext): void {
    const { time, reporter } = this;
    execution.state = StageState.Running;
    execution.startedAt = time.startTime();
    if (reporter.active) reporter.stageStarted(execution);
    time.calling();
    callStage(this, execution, ctx);
  }

  /** A stage has settled. The common case first: a plain object, which stands for ok. */
  settled(execution: StageExecution, value: unknown, threw: boolean): void {
    if (execution.state !== StageState.Running) return;
    if (this.children?.holds(this, execution, value, threw)) return;
    this.time.expire();
    const passed = execution.limit === null ? null : execution.limit.disarm();
    if (threw || passed !== null || execution.stage.onion !== null || !isPlainObject(value)) {
      settleOther(this, execution, passed ?? value, threw || passed !== null);
    } else {
      const data = execution.inline === null ? value : leftInline(this, execution, value);
      if (data !== null) this.scheduler.complete(execution.stage.index, recordOk(this, execution, data));
    }
    this.pump();
  }

  complete(execution: StageExecution, settlement: Settlement): void {
    this.scheduler.complete(execution.stage.index, settlement);
    if (execution.state !== StageState.Fail || isTolerated(execution) || isStale(this, execution)) return;
    this.firstFailure ??= execution;
    if (this.compiled.bound.graph.failurePolicy === 'continue') return;
    this.life.decide(failedBy(execution), siblingFailed(execution.stage.name));
  }
}
