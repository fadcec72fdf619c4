/*
 * What keeps a run alive and what ends it: the decision, the bodies that still run, the grace period, the deadline and
 * the caller's signal.
 *
 * Invariants
 *  1. The first decision stands.
 *  2. `end` is called once: when nothing is left, or when the grace period after the decision is over.
 */
import type { StageflowError } from '../errors/index.js';
import { listenToAbort } from './abort-listener.js';
import type { CancelScope } from './cancel-scope.js';
import { Deadline } from './deadline-queue.js';
import type { Decision } from './decision.js';
import type { LiveChildren } from './live-children.js';
import { runTimedOut, stageCancelledRun } from './run-causes.js';
import type { RunClock } from './run-clock.js';
import type { RunOptions } from './run-options.js';
import type { RunParts } from './run-parts.js';
import type { RunReporter } from './run-reporter.js';
import type { RunResources } from './run-resources.js';
import type { StageExecution } from './stage-execution.js';

/** What the life of a run asks of the run itself. */
export interface Mortal {
  readonly pipeline: string;
  readonly scope: CancelScope;
  readonly parts: RunParts;
  readonly resources: RunResources;
  readonly reporter: RunReporter;
  readonly time: RunClock;
  readonly children: LiveChildren | null;
  /** No stage is running, and none is being started. */
  isIdle(): boolean;
  /** Every stage has been dealt with. */
  isDone(): boolean;
  /**
   * The grace period is over: record what is still running as cancelled and abandoned.
   * @param only a stage that was cancelled alone; null for all
   */
  giveUp(only: StageExecution | null): void;
  /** Nothing of the run is alive, or waited for. */
  end(decision: Decision | null): void;
}

export class RunLife {
  private readonly run: Mortal;
  private decision: Decision | null = null;
  private deadline: Deadline | null = null;
  private grace: Deadline | null = null;
  private stopListening: (() => void) | null = null;
  /** Bodies alive inside onions, which may outlive the stage that started them. */
  private alive = 0;
  /** Grace periods of stages that were cancelled alone. */
  private stageGraces: Deadline[] | null = null;
  private givingUp = false;
  private hasEnded = false;

  constructor(run: Mortal) {
    this.run = run;
  }

  get decided(): boolean {
    return this.decision !== null;
  }

  get ended(): boolean {
    return this.hasEnded;
  }

  begin({ signal, timeoutMs = 0 }: RunOptions, now: number): void {
    if (signal !== undefined) this.stopListening = listenToAbort(signal, (reason) => this.cancel(reason));
    if (timeoutMs > 0)
      this.deadline = this.arm(timeoutMs, now, () => this.fail(runTimedOut(this.run.pipeline, timeoutMs)));
  }

  cancel(reason: unknown): void {
    this.decide({ status: 'cancelled', stage: null, reason }, reason);
  }

  /** A stage returned cancel. */
  cancelledBy(stage: string, reason: string | null): void {
    this.decide({ status: 'cancelled', stage, reason }, stageCancelledRun(stage, reason));
  }

  /** The run itself fails, not one of its stages. */
  fail(error: StageflowError): void {
    this.decide({ status: 'failed', stage: null, error }, error);
  }

  /** @param abortReason what running stages find in their signal */
  decide(decision: Decision, abortReason: unknown): void {
    if (this.decision !== null || this.hasEnded) return;
    this.run.time.expire();
    this.decision = decision;
    this.run.scope.cancel(abortReason);
    this.check();
  }

  /** A body of this stage, called from inside an onion, starts to run. */
  enter(execution: StageExecution): void {
    execution.whole.bodies++;
    this.alive++;
  }

  /** It has ended, and had not been abandoned. */
  leave(execution: StageExecution): void {
    this.run.time.expire();
    execution.whole.bodies--;
    this.alive--;
    if (this.alive === 0) this.check();
  }

  /** Stop waiting for `bodies` such bodies: their grace period is over. */
  abandon(execution: StageExecution, bodies: number): void {
    const { resources, reporter, parts, time } = this.run;
    time.expire();
    if (!resources.abandoned.has(execution.stage.name)) {
      resources.abandon(execution.stage.name);
      reporter.abandoned(execution, parts.graceMs);
    }
    execution.whole.bodies -= bodies;
    this.alive -= bodies;
    if (this.alive === 0) this.check();
  }

  /** A stage that was cancelled alone has the grace period to stop, and then is given up. */
  expectEndOf(execution: StageExecution, atLeastMs = 0): void {
    const { graceMs, clock } = this.run.parts;
    this.stageGraces ??= [];
    this.stageGraces.push(this.arm(Math.max(graceMs, atLeastMs), clock.now(), () => this.giveUpStage(execution)));
  }

  /** One that waits for runs which it started is waited for: they end by themselves, within their own grace period. */
  private giveUpStage(execution: StageExecution): void {
    if (this.run.children?.any(execution)) this.expectEndOf(execution, 1);
    else this.run.giveUp(execution);
  }

  /** Ends the run if nothing of it is left; gives it the grace period if what is left should have stopped. */
  check(): void {
    if (this.hasEnded || this.givingUp) return;
    const idle = this.run.isIdle();
    if (this.decision === null && !(idle && this.run.isDone())) return;
    if (idle && this.alive === 0) this.endNow();
    else this.grace ??= this.giveUpLater();
  }

  private giveUpLater(atLeastMs = 0): Deadline {
    const { graceMs, clock } = this.run.parts;
    return this.arm(Math.max(graceMs, atLeastMs), clock.now(), () => this.giveUpAll());
  }

  private giveUpAll(): void {
    if (this.run.children?.any(null)) {
      this.grace = this.giveUpLater(1);
      return;
    }
    this.givingUp = true;
    this.run.giveUp(null);
    this.endNow();
  }

  private endNow(): void {
    this.hasEnded = true;
    this.stopListening?.();
    const { deadlines } = this.run.parts;
    if (this.deadline !== null) deadlines.disarm(this.deadline);
    if (this.grace !== null) deadlines.disarm(this.grace);
    for (const grace of this.stageGraces ?? []) deadlines.disarm(grace);
    deadlines.release();
    this.run.end(this.decision);
  }

  private arm(limitMs: number, now: number, callback: () => void): Deadline {
    const deadline = new CallbackDeadline(callback);
    this.run.parts.deadlines.arm(deadline, limitMs, now);
    return deadline;
  }
}

class CallbackDeadline extends Deadline {
  private readonly callback: () => void;

  constructor(callback: () => void) {
    super();
    this.callback = callback;
  }

  override onDue(): void {
    this.callback();
  }
}
