/** How often, and how long, a failing guard sends the run back. */
export interface RetryFromOptions {
  /** How often the guard is asked in all, the first time included. At least 1. */
  readonly attempts: number;
  /**
   * No further round starts when the guard fails this long after the stage to run again was first called, in ms of the
   * run's clock. It interrupts nothing. Default: no limit. 0 means no limit.
   */
  readonly timeoutMs?: number;
  /** Gives up when the guard fails with the same reason and data this often in a row. At least 2. Default: never. */
  readonly stagnation?: number;
}

/** Why a guard sent the run back, for the stage that is run again. */
export interface GuardFeedback {
  /** The name of the guard. */
  readonly guard: string;
  /** What it failed with: the text it returned, or the message of what it threw. */
  readonly reason: string;
  /** What it said besides, in `StageOutput.fail(error, { data })`. Frozen. */
  readonly data: object | undefined;
  /** Which attempt this is: 2 the first time the run has gone back. */
  readonly attempt: number;
}
