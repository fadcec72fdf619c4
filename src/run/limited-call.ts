/*
 * What happens when a limit passes: the scope of what is limited is cancelled, and it gets the grace period to unwind. It
 * unwinds, or the grace ends: it has failed with STAGE_TIMEOUT, whatever it did in the end. A late value is dropped, so
 * what has timed out can never look successful.
 */
import type { CancelScope } from './cancel-scope.js';
import { Deadline, type DeadlineEntry } from './deadline-queue.js';
import { LimitPassedError } from './limit-passed-error.js';
import { promiseOf } from './promise-of.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';

/** A call of a stage, or of something inside its onion, with a limit. */
export interface Limited extends DeadlineEntry {
  readonly run: RunState;
  readonly execution: StageExecution;
  readonly limitMs: number;
  /** The limit begins anew with every sign of life. */
  readonly renews: boolean;
  /** Set when the limit passes: from then on this is how the call ends. */
  passed: LimitPassedError | null;
  limitedScope(): CancelScope;
  /** Stops waiting for what runs in the scope. @returns how many bodies were alive there, the stage itself not counted */
  abandonBodies(): number;
  /** Ends the call with `passed`, although what it called has not settled. */
  giveUp(): void;
}

/** The `onDue` of everything limited: first the limit, then the grace period. */
export function limitDue(limited: Limited): void {
  const { run, execution, limitMs } = limited;
  const { deadlines, graceMs, clock } = run.parts;
  if (limited.passed !== null) {
    if (run.children?.any(execution)) {
      deadlines.arm(limited, Math.max(1, graceMs), clock.now()); // they end by themselves
      return;
    }
    run.life.abandon(execution, limited.abandonBodies());
    limited.giveUp();
    return;
  }
  limited.passed = new LimitPassedError(execution.stage.name, limitMs, limited.renews);
  deadlines.arm(limited, graceMs, clock.now());
  limited.limitedScope().cancel(limited.passed);
}

/** Whether a deadline is a limit of this stage, or of something inside its onion. */
export function isLimitOf(execution: StageExecution, deadline: DeadlineEntry): boolean {
  return 'limitMs' in deadline && (deadline as Limited).execution.whole === execution;
}

/** Whether a deadline is a limit of any stage of this run. */
export function isLimitIn(run: RunState, deadline: DeadlineEntry): boolean {
  return 'limitMs' in deadline && (deadline as Limited).run === run;
}

/** How long a call may take, or, if it renews, may go without a sign of life. */
export interface Limit {
  readonly limitMs: number;
  readonly renews: boolean;
}

/** A limited call behind a promise, for `ctx.withTimeout`. */
class LimitedPromise<T> extends Deadline implements Limited {
  readonly run: RunState;
  readonly execution: StageExecution;
  readonly limitMs: number;
  readonly renews: boolean;
  passed: LimitPassedError | null = null;
  readonly #outer: CancelScope;
  readonly #scope: CancelScope;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    run: RunState,
    execution: StageExecution,
    { limitMs, renews }: Limit,
    outer: CancelScope,
    scope: CancelScope,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    super();
    this.run = run;
    this.execution = execution;
    this.limitMs = limitMs;
    this.renews = renews;
    this.#outer = outer;
    this.#scope = scope;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  override onDue(): void {
    limitDue(this);
  }

  limitedScope(): CancelScope {
    return this.#scope;
  }

  abandonBodies(): number {
    return this.#scope.abandon();
  }

  giveUp(): void {
    if (this.renews) this.run.resources.stopWatching(this);
    this.#outer.remove(this.#scope);
    this.#reject(this.passed);
  }

  // Settling twice is harmless: a promise keeps its first outcome, and that of a given-up call is `passed`.
  resolve(value: T): void {
    this.#close();
    if (this.passed === null) this.#resolve(value);
    else this.#reject(this.passed);
  }

  reject(error: unknown): void {
    this.#close();
    this.#reject(this.passed ?? error);
  }

  /** A sign of life. */
  renew(): void {
    const { deadlines, clock } = this.run.parts;
    if (this.passed !== null) return;
    deadlines.disarm(this);
    deadlines.arm(this, this.limitMs, clock.now());
  }

  #close(): void {
    this.run.parts.deadlines.disarm(this);
    if (this.renews) this.run.resources.stopWatching(this);
    this.#outer.remove(this.#scope);
  }
}

/** @param outer what `scope`, in which the call runs, belongs to while it runs */
export function runLimited<T>(
  run: RunState,
  execution: StageExecution,
  limit: Limit,
  outer: CancelScope,
  scope: CancelScope,
  call: () => T | Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const limited = new LimitedPromise<T>(run, execution, limit, outer, scope, resolve, reject);
    run.parts.deadlines.arm(limited, limit.limitMs, run.parts.clock.now());
    if (limit.renews) run.resources.watch(limited);
    try {
      const result = call();
      const pending = promiseOf(result) as Promise<T> | null;
      if (pending === null) limited.resolve(result as T);
      else
        pending.then(
          (value) => limited.resolve(value),
          (error: unknown) => limited.reject(error),
        );
    } catch (error) {
      limited.reject(error);
    }
  });
}
