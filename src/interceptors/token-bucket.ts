/** How fast a bucket fills: so many tokens in so many ms, up to `burst`. */
export interface BucketRate {
  readonly permits: number;
  readonly perMs: number;
  readonly burst: number;
}

/**
 * Tokens for one key. A call that has to wait takes its token at once, on credit: so everybody is served in the order they
 * came, whatever the timers do.
 */
export class TokenBucket {
  readonly #rate: BucketRate;
  /** Below 0 as long as calls wait. */
  #tokens: number;
  #filledAt: number;

  constructor(rate: BucketRate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = now;
  }

  /** Takes a token. @returns how long to wait before using it, in ms; null, and takes none, if that is too long */
  take(now: number, longestWaitMs: number): number | null {
    const waitMs = this.waitMs(now);
    if (waitMs > longestWaitMs) return null;
    this.#tokens--;
    return waitMs;
  }

  /** How long a call that comes now would wait, in whole ms. */
  waitMs(now: number): number {
    this.#fill(now);
    const missing = 1 - this.#tokens;
    return missing <= 0 ? 0 : Math.ceil((missing * this.#rate.perMs) / this.#rate.permits);
  }

  /** For a token that was taken and not used. */
  giveBack(): void {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + 1);
  }

  /** A full bucket is as good as a fresh one. */
  isFull(now: number): boolean {
    this.#fill(now);
    return this.#tokens >= this.#rate.burst;
  }

  #fill(now: number): void {
    const { permits, perMs, burst } = this.#rate;
    const elapsedMs = Math.max(0, now - this.#filledAt);
    this.#tokens = Math.min(burst, this.#tokens + (elapsedMs * permits) / perMs);
    this.#filledAt = Math.max(now, this.#filledAt);
  }
}
