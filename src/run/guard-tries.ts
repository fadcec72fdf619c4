import { GuardRetryEnd } from '../events/index.js';
import type { GuardLoop } from './guard-loop.js';

/** How one guard has fared in one run. Counts over the whole run, so that guards which undo each other's passing end. */
export class GuardTries {
  readonly #loop: GuardLoop;
  readonly #startedAt: number;
  /** How often it has failed in all. */
  failures = 0;
  /** How often since it last passed. */
  inARow = 0;
  #equal = 0;
  #last: readonly [reason: string, data: unknown] | null = null;

  /** @param startedAt when the stage to go back to was first called */
  constructor(loop: GuardLoop, startedAt: number) {
    this.#loop = loop;
    this.#startedAt = startedAt;
  }

  /** @returns why the run does not go back; null if it does */
  failed(reason: string, data: unknown, now: number): GuardRetryEnd | null {
    const { attempts, timeoutMs, stagnation } = this.#loop;
    this.failures++;
    this.inARow++;
    this.#equal = this.#isLast(reason, data) ? this.#equal + 1 : 1;
    this.#last = [reason, data];
    if (this.failures >= attempts) return GuardRetryEnd.Attempts;
    if (stagnation !== null && this.#equal >= stagnation) return GuardRetryEnd.Stagnation;
    return timeoutMs !== null && now - this.#startedAt >= timeoutMs ? GuardRetryEnd.Timeout : null;
  }

  passed(): void {
    this.inARow = 0;
    this.#equal = 0;
    this.#last = null;
  }

  /** Both count: a guard that says the same of other data is getting somewhere, and so is one that says something new. */
  #isLast(reason: string, data: unknown): boolean {
    // Loaded when two failures are compared: programs without guards that go back never need it.
    return this.#last !== null && process.getBuiltinModule('node:util').isDeepStrictEqual(this.#last, [reason, data]);
  }
}
