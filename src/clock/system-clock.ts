import type { Clock, ClockTimer } from './clock.js';

/** setTimeout fires at once when asked for more than 2^31-1 ms (24.8 days); longer delays are walked in legs. */
const LONGEST_LEG_MS = 2_147_483_647;

class SystemTimer implements ClockTimer {
  #handle: ReturnType<typeof setTimeout>;
  #keepsAlive = true;

  constructor(delayMs: number, callback: () => void) {
    this.#handle = this.#arm(delayMs, callback);
  }

  keepAlive(on: boolean): void {
    this.#keepsAlive = on;
    if (on) this.#handle.ref();
    else this.#handle.unref();
  }

  clear(): void {
    clearTimeout(this.#handle);
  }

  #arm(delayMs: number, callback: () => void): ReturnType<typeof setTimeout> {
    if (delayMs <= LONGEST_LEG_MS) return setTimeout(callback, delayMs);
    return setTimeout(() => {
      this.#handle = this.#arm(delayMs - LONGEST_LEG_MS, callback);
      this.keepAlive(this.#keepsAlive);
    }, LONGEST_LEG_MS);
  }
}

// Read once: both are getters that cost more than a stage.
const clock = performance;
const TIME_ORIGIN = clock.timeOrigin;

/** The real clock: `performance.now()` and Node timers. */
export const systemClock: Clock = Object.freeze({
  now: () => clock.now(),
  toEpochMs: (stamp: number) => TIME_ORIGIN + stamp,
  setTimer: (delayMs: number, callback: () => void) => new SystemTimer(delayMs, callback),
});
