import type { Clock, ClockTimer } from '../clock/index.js';

interface ManualTimer extends ClockTimer {
  readonly dueAt: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until told otherwise: drives limits, retries and deadlines in tests, without waiting. Give it
 * as the `clock` of an application or a built pipeline.
 */
export class ManualClock implements Clock {
  readonly #timers = new Set<ManualTimer>();
  #now: number;
  #armed = 0;

  /** @param startMs the first reading; wall-clock time is the same number. Default 1,000,000. */
  constructor(startMs = 1_000_000) {
    this.#now = startMs;
  }

  /** How many timers are waiting. 0 after a run shows that it left none behind. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  toEpochMs(stamp: number): number {
    return stamp;
  }

  setTimer(delayMs: number, callback: () => void): ClockTimer {
    const timer: ManualTimer = {
      dueAt: this.#now + Math.max(0, delayMs),
      order: this.#armed++,
      callback,
      clear: () => this.#timers.delete(timer),
    };
    this.#timers.add(timer);
    return timer;
  }

  /**
   * Moves time on, firing every timer that comes due on the way, in order. Before each step, and at the end, everything
   * that can go on without time goes on.
   */
  async advance(byMs: number): Promise<void> {
    const end = this.#now + byMs;
    await settle();
    for (let next = this.#nextDue(end); next !== null; next = this.#nextDue(end)) {
      this.#now = Math.max(this.#now, next.dueAt);
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  #nextDue(end: number): ManualTimer | null {
    let next: ManualTimer | null = null;
    for (const timer of this.#timers) {
      if (timer.dueAt > end) continue;
      if (next === null || timer.dueAt < next.dueAt || (timer.dueAt === next.dueAt && timer.order < next.order)) {
        next = timer;
      }
    }
    return next;
  }
}

/** Lets everything run that waits for promises and immediates only: two turns, since the first may schedule more. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
