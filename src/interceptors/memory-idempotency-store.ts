import { type Clock, systemClock } from '../clock/index.js';
import { StageflowError } from '../errors/index.js';
import { checkOptions, isCount } from './check-options.js';
import type { IdempotencyClaim, IdempotencyStore } from './idempotency-store.js';

export interface MemoryIdempotencyStoreOptions {
  /** How many keys are kept; of more, the result that is oldest goes. Default 10,000. */
  readonly maxEntries?: number;
  readonly clock?: Clock;
}

interface Running {
  readonly digest: string;
  readonly owner: string;
  readonly until: number;
  readonly ended: Promise<void>;
  readonly end: () => void;
}

interface Done {
  readonly digest: string;
  readonly data: object;
  readonly until: number;
}

/**
 * Keeps idempotency keys in this process: for tests, and for hosts that are one process and may forget with it. Results go
 * when their time is over, or the oldest first when there are too many. Work in flight is never forgotten for want of room:
 * then nobody else may begin.
 */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #most: number;
  readonly #clock: Clock;
  readonly #running = new Map<string, Running>();
  /** Oldest first. */
  readonly #done = new Map<string, Done>();
  #claims = 0;

  constructor({ maxEntries = 10_000, clock = systemClock }: MemoryIdempotencyStoreOptions = {}) {
    checkOptions('MemoryIdempotencyStore', [
      [isCount(maxEntries), 'maxEntries', maxEntries, 'a whole number, at least 1'],
    ]);
    this.#most = maxEntries;
    this.#clock = clock;
  }

  /** How many keys it holds, running and done. */
  get size(): number {
    return this.#running.size + this.#done.size;
  }

  async claim(key: string, digest: string, leaseMs: number): Promise<IdempotencyClaim> {
    const now = this.#clock.now();
    const done = this.#done.get(key);
    if (done !== undefined && now < done.until) {
      return done.digest === digest ? { state: 'done', data: done.data } : { state: 'mismatch' };
    }
    const running = this.#running.get(key);
    if (running !== undefined && now < running.until) {
      return running.digest === digest ? { state: 'running' } : { state: 'mismatch' };
    }
    this.#done.delete(key);
    this.#end(key, running);
    this.#makeRoom(now);
    return { state: 'claimed', owner: this.#start(key, digest, now + leaseMs) };
  }

  async complete(key: string, owner: string, data: object, ttlMs: number): Promise<void> {
    const running = this.#running.get(key);
    if (running?.owner !== owner) return;
    this.#done.set(key, { digest: running.digest, data, until: this.#clock.now() + ttlMs });
    this.#end(key, running);
  }

  async release(key: string, owner: string): Promise<void> {
    const running = this.#running.get(key);
    if (running?.owner === owner) this.#end(key, running);
  }

  async changed(key: string): Promise<void> {
    await this.#running.get(key)?.ended;
  }

  #start(key: string, digest: string, until: number): string {
    const owner = String(++this.#claims);
    let end!: () => void;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#running.set(key, { digest, owner, until, ended, end });
    return owner;
  }

  #end(key: string, running: Running | undefined): void {
    if (running === undefined) return;
    this.#running.delete(key);
    running.end();
  }

  #makeRoom(now: number): void {
    for (const [key, { until }] of this.#done) {
      if (now < until && this.size < this.#most) break;
      this.#done.delete(key);
    }
    if (this.size < this.#most) return;
    for (const [key, running] of this.#running) if (running.until <= now) this.#end(key, running);
    if (this.size < this.#most) return;
    throw new StageflowError({
      code: 'IDEMPOTENCY_STORE_FAILED',
      message: `All ${this.#most} places of a MemoryIdempotencyStore are taken by work in flight.`,
      fix: 'Raise maxEntries, or start less at once.',
      details: { maxEntries: this.#most },
    });
  }
}
