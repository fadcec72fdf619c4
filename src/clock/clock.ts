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
  /**
   * Whether waiting for this timer keeps the process alive, as it does at first. Where a clock offers it, a timer that is
   * wanted again and again is put to rest between its uses instead of being cleared and made anew.
   */
  keepAlive?(on: boolean): void;
}
