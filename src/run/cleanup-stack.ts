/*
 * What a run has to tidy up. Cleanups run after every stage has stopped, last registered first, each once, one after
 * another, within one budget for all. A cleanup that throws or hangs is reported and does not keep the others from
 * running: when the budget is used up the rest are still started, but no longer waited for.
 */
import type { Clock } from '../clock/index.js';
import { StageflowError } from '../errors/index.js';
import type { StageflowLogger } from '../events/index.js';
import { messageOf } from '../stage/index.js';
import { warn } from './warn.js';

type Cleanup = () => void | Promise<void>;

export interface CleanupFailure {
  /** The stage that registered the cleanup. */
  readonly stage: string;
  readonly error: StageflowError;
}

interface Registration {
  readonly stage: string;
  readonly cleanup: Cleanup;
}

const TIMED_OUT = Symbol('timed out');

export class CleanupStack {
  #registrations: Registration[] = [];

  get size(): number {
    return this.#registrations.length;
  }

  push(stage: string, cleanup: Cleanup): void {
    this.#registrations.push({ stage, cleanup });
  }

  /** Runs all, and those that cleanups register. @param budgetMs shared by all of them */
  async run(clock: Clock, budgetMs: number): Promise<readonly CleanupFailure[]> {
    const failures: CleanupFailure[] = [];
    const end = clock.now() + budgetMs;
    for (let next = this.#registrations.pop(); next !== undefined; next = this.#registrations.pop()) {
      const failure = await runOne(next, clock, Math.max(0, end - clock.now()), budgetMs);
      if (failure !== null) failures.push(failure);
    }
    return failures;
  }
}

/** For a stage that outlived its run: what it opens late is closed at once, since nobody else will. */
export function runLateCleanup(logger: StageflowLogger, stage: string, cleanup: Cleanup): void {
  const report = (error: unknown): void => {
    warn(logger, 'A cleanup registered after its run had ended failed.', { stage, error: messageOf(error) });
  };
  Promise.resolve().then(cleanup).catch(report);
}

async function runOne(
  { stage, cleanup }: Registration,
  clock: Clock,
  leftMs: number,
  budgetMs: number,
): Promise<CleanupFailure | null> {
  try {
    const pending = cleanup();
    if (pending === undefined) return null;
    const ended = await within(Promise.resolve(pending), clock, leftMs);
    return ended === TIMED_OUT ? { stage, error: outOfBudget(stage, budgetMs) } : null;
  } catch (error) {
    return { stage, error: cleanupThrew(stage, error) };
  }
}

/** Waits at least one turn of the event loop, so that a cleanup which needs no time succeeds even without budget. */
function within(pending: Promise<void>, clock: Clock, leftMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = leftMs > 0 ? clock.setTimer(leftMs, giveUp) : null;
    if (timer === null) giveUp();
    pending.then(resolve, reject).finally(() => timer?.clear());
    function giveUp(): void {
      setImmediate(resolve, TIMED_OUT);
    }
  });
}

function cleanupThrew(stage: string, error: unknown): StageflowError {
  return new StageflowError({
    code: 'CLEANUP_FAILED',
    message: `A cleanup of stage "${stage}" threw: ${messageOf(error)}.`,
    details: { stage },
    cause: error,
  });
}

function outOfBudget(stage: string, budgetMs: number): StageflowError {
  return new StageflowError({
    code: 'CLEANUP_FAILED',
    message: `A cleanup of stage "${stage}" had not finished when the cleanup budget of ${budgetMs} ms was used up.`,
    fix: 'Make it faster, or raise cleanupMs.',
    details: { stage, budgetMs },
  });
}
