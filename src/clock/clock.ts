/** Where time comes from. Replace it in tests with a manual clock to drive timeouts and retries without waiting. */
export interface Clock {
  /** Milliseconds since an arbitrary start; never goes back. */
  now(): number;
  /** The wall-clock time, in milliseconds since 1970, of a reading of `now()`: the reading plus a constant. */
  toEpochMs(stamp: number): number;
  /** Calls `callback` once after `delayMs`. */
  setTimer(delayMs: number, callback: () => void): ClockTimer;
}

export interface ClockTimer {
  clear(): void;
}
