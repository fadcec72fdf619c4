import type { Clock } from '../clock/index.js';

/** After this many stages and this long without a pause, other work of the process gets a turn. */
const PAUSE_AFTER_STAGES = 16;
const PAUSE_AFTER_MS = 10;

/** How many stages started in one go may share a reading: it costs as much as the rest of starting one. */
const SHARED_STARTS = 8;
const EXACT = SHARED_STARTS;

/** The time of one run, read no more often than needed: a reading holds until code that is not ours may have run. */
export class RunClock {
  private readonly clock: Clock;
  private stamp = 0;
  /** What the last reading is still good for: EXACT until other code may have run, then for that many more starts. */
  private goodFor = 0;
  private lastPause = 0;
  private startedSincePause = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  now(): number {
    if (this.goodFor !== EXACT) {
      this.stamp = this.clock.now();
      this.goodFor = EXACT;
    }
    return this.stamp;
  }

  /**
   * When a stage starts. Stages that become ready together and give a promise share a reading, eight at a time: what the
   * ones before did before they first waited is counted to the later ones of the eight, too.
   */
  startTime(): number {
    return this.goodFor > 0 ? this.stamp : this.now();
  }

  /** Other code has run: the next reading must be a new one. */
  expire(): void {
    this.goodFor = 0;
  }

  /** A stage is about to be called. */
  calling(): void {
    this.goodFor--;
  }

  /** The event loop has had a turn. @returns the time */
  paused(): number {
    this.expire();
    this.startedSincePause = 0;
    this.lastPause = this.now();
    return this.lastPause;
  }

  /** Counts a stage that was started. @returns whether it is time to let the event loop turn */
  wantsPause(): boolean {
    return ++this.startedSincePause >= PAUSE_AFTER_STAGES && this.stamp - this.lastPause > PAUSE_AFTER_MS;
  }
}
