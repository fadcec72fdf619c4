/*
 * What one run needs to go back when a guard fails. Made when the first guard settles that can send it back.
 *
 * Owns: how often each guard has failed, what is being taken back, what the stages run again are told.
 * Does not own: which stage may start (scheduler), what a failure means once it stands (run).
 *
 * Invariants
 *  1. From the failure of the guard until everything downstream of the stage to run again has stopped, nothing starts.
 *     What of it still runs is cancelled, and whatever it settles as is recorded but decides nothing.
 *  2. What is taken back is gone: outputs, and what it wrote into the bag. Whatever it does later is dropped.
 *  3. Once the run is decided it does not go back.
 */
import type { GuardRetryEnd } from '../events/index.js';
import { deepFreeze } from '../payload/index.js';
import { type GuardFeedback, messageOf, type StageFailure, StageOutput, StageStatus } from '../stage/index.js';
import { cancelStage } from './cancel-stage.js';
import { undoWork } from './compensations.js';
import type { CompletedWork } from './completed-work.js';
import type { EarlierRounds, GuardLoop, RunRounds } from './guard-loop.js';
import { guardExhausted, takenBack } from './guard-retry-errors.js';
import { GuardTries } from './guard-tries.js';
import { recordOutput } from './record-settlement.js';
import { isAbort, retryUnhandled } from './run-causes.js';
import type { RunState } from './run-state.js';
import type { Settlement } from './scheduler.js';
import { type StageExecution, StageState } from './stage-execution.js';

/** A run that can go back. */
export interface ReturningRun extends RunState {
  loops: GuardRetries | null;
  readonly executions: (StageExecution | undefined)[];
  /** Forgets that these stages, none of which runs, were ever reached. */
  reset(stages: readonly number[]): void;
  /** Goes on, if it may. */
  resume(): void;
}

const NONE_EARLIER: EarlierRounds = Object.freeze({ attempts: 0, rounds: 0 });

/** Records how a guard has settled that can send the run back, and whether it does. */
export function recordGuard(run: ReturningRun, execution: StageExecution, output: StageOutput): Settlement {
  run.loops ??= new GuardRetries(run);
  return run.loops.record(execution, output);
}

export class GuardRetries implements RunRounds {
  readonly #run: ReturningRun;
  readonly #tries = new Map<number, GuardTries>();
  readonly #feedback = new Map<number, GuardFeedback>();
  readonly #earlier = new Map<number, EarlierRounds>();
  /** What is being taken back, by index; empty if nothing is. */
  readonly #region = new Set<number>();
  readonly #due: [target: number, feedback: GuardFeedback][] = [];
  /** Those of it that have not stopped yet. */
  #leaving: StageExecution[] = [];
  /** Those that were cancelled before they had started. */
  #cancelledAhead: number[] = [];
  rounds = 1;
  #isUndoing = false;

  constructor(run: ReturningRun) {
    this.#run = run;
  }

  get goingBack(): boolean {
    return this.#region.size > 0;
  }

  covers(stage: number): boolean {
    return this.#region.has(stage);
  }

  feedbackFor(stage: number): GuardFeedback | null {
    return this.#feedback.get(stage) ?? null;
  }

  earlierOf(stage: number): EarlierRounds {
    return this.#earlier.get(stage) ?? NONE_EARLIER;
  }

  record(execution: StageExecution, output: StageOutput): Settlement {
    const run = this.#run;
    const loop = execution.stage.loop as GuardLoop;
    const failure = this.#ownFailure(execution, output);
    if (failure === null) {
      const settlement = recordOutput(run, execution, output);
      if (execution.state === StageState.Ok) this.#passed(execution, loop);
      return settlement;
    }
    const tries = this.#triesOf(loop);
    const end = tries.failed(messageOf(failure.error), output.data, run.time.now());
    const standing =
      end === null ? output : StageOutput.fail(...guardExhausted(execution, loop, tries, end, output, failure));
    const settlement = recordOutput(run, execution, standing);
    this.#report(execution, loop, tries, end, failure);
    if (end === null) this.#goBack(loop, execution, messageOf(failure.error), tries.failures + 1);
    return settlement;
  }

  /**
   * Asked before stages are started, not between them: a guard that can send the run back has an onion, so it never settles
   * while others are being started.
   * @returns whether the run may go on: nothing is being taken back, or it has just been, or it does not matter any more
   */
  settle(): boolean {
    if (this.#region.size === 0 || this.#run.life.decided) return true;
    while (this.#leaving.at(-1)?.settled === true) this.#leaving.pop();
    if (this.#leaving.length > 0 || this.#isUndoing) return false;
    const work = this.#run.resources.work;
    if (work?.has((stage) => this.covers(stage))) {
      this.#undo(work);
      return false;
    }
    this.#takeBack();
    return true;
  }

  /** What could not be undone must not be done again. */
  #undo(work: CompletedWork): void {
    const { life } = this.#run;
    const failedBefore = work.failed.length;
    this.#isUndoing = true;
    undoWork(this.#run, work, (stage) => this.covers(stage)).then(() => {
      this.#isUndoing = false;
      const failure = work.failed[failedBefore];
      if (failure !== undefined) life.fail(failure.error);
      this.#run.resume();
    });
  }

  /** A failure that is the guard's own, of something that still counts; null for anything else. */
  #ownFailure(execution: StageExecution, output: StageOutput): StageFailure | null {
    const { life, scope } = this.#run;
    const failure = output.status === StageStatus.Retry ? retryUnhandled(execution.stage, output) : output.failure;
    if (failure === null || life.decided || this.covers(execution.stage.index)) return null;
    return isAbort(failure.error, execution.scope ?? scope) ? null : failure;
  }

  #triesOf(loop: GuardLoop): GuardTries {
    let tries = this.#tries.get(loop.guard);
    if (tries === undefined) {
      const target = this.#run.executions[loop.target];
      tries = new GuardTries(loop, target?.ran ? target.startedAt : this.#run.time.now());
      this.#tries.set(loop.guard, tries);
    }
    return tries;
  }

  #passed({ stage }: StageExecution, loop: GuardLoop): void {
    const tries = this.#tries.get(loop.guard);
    if (tries === undefined || tries.inARow === 0) return;
    const attempts = tries.inARow + 1;
    tries.passed();
    this.#run.reporter.rare({
      type: 'guard_retry.recovered',
      stage: stage.name,
      retryFrom: loop.stage,
      attempts,
    });
  }

  #report(
    { stage }: StageExecution,
    { stage: retryFrom, region }: GuardLoop,
    { failures }: GuardTries,
    end: GuardRetryEnd | null,
    failure: StageFailure,
  ): void {
    const { reporter, compiled } = this.#run;
    if (!reporter.active) return;
    const about = { stage: stage.name, retryFrom };
    const error = reporter.errorOf(failure, stage);
    reporter.rare({ type: 'guard_retry.attempt', ...about, attempt: failures, error });
    if (end !== null) {
      reporter.rare({ type: 'guard_retry.exhausted', ...about, attempts: failures, cause: end, error });
      return;
    }
    const stages = region.map((index) => compiled.stages[index]?.name ?? '');
    reporter.rare({ type: 'guard_retry.scheduled', ...about, attempt: failures + 1, stages });
  }

  #goBack(loop: GuardLoop, { stage, data }: StageExecution, reason: string, attempt: number): void {
    const run = this.#run;
    this.#due.push([loop.target, Object.freeze({ guard: stage.name, reason, data: deepFreeze(data), attempt })]);
    const why = takenBack(stage.name, loop.stage);
    for (const index of loop.region) {
      const execution = run.executions[index];
      if (this.#region.has(index)) continue;
      this.#region.add(index);
      if (execution === undefined || execution.settled) continue;
      this.#leaving.push(execution);
      if (execution.state === StageState.NotStarted && !run.stageCancels?.has(index)) this.#cancelledAhead.push(index);
      if (!run.stageCancels?.has(index)) cancelStage(run, index, why);
    }
  }

  #takeBack(): void {
    const run = this.#run;
    const stages = [...this.#region].sort((a, b) => a - b);
    for (const index of stages) this.#forget(index);
    for (const index of this.#cancelledAhead) run.stageCancels?.delete(index);
    for (const [target, feedback] of this.#due) this.#feedback.set(target, feedback);
    run.resources.withdraw(new Set(stages.map((index) => run.compiled.stages[index]?.name ?? '')));
    run.reset(stages);
    this.rounds++;
    this.#cancelledAhead = [];
    this.#due.length = 0;
    this.#region.clear();
  }

  #forget(index: number): void {
    const execution = this.#run.executions[index];
    this.#feedback.delete(index);
    if (execution === undefined) return;
    const { attempts, rounds } = this.earlierOf(index);
    this.#earlier.set(index, { attempts: attempts + execution.attempts, rounds: rounds + (execution.ran ? 1 : 0) });
    this.#run.executions[index] = undefined;
  }
}
