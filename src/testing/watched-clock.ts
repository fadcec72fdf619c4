import type { Clock, ClockTimer } from '../clock/index.js';

/** A clock that knows which of the timers armed through it still wait. */
export class WatchedClock implements Clock {
  readonly #clock: Clock;
  readonly #waiting = new Set<ClockTimer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get pendingTimers(): number {
    return this.#waiting.size;
  }

  now(): number {
    return this.#clock.now();
  }

  toEpochMs(stamp: number): number {
    return this.#clock.toEpochMs(stamp);
  }

  setTimer(delayMs: number, callback: () => void): ClockTimer {
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#waiting.delete(watched);
      callback();
    });
    const clear = (): void => {
      this.#waiting.delete(watched);
      timer.clear();
    };
    const watched: ClockTimer =
      timer.keepAlive === undefined ? { clear } : { clear, keepAlive: (on) => timer.keepAlive?.(on) };
    this.#waiting.add(watched);
    return watched;
  }
}
