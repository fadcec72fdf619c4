/** Lets a number of callers in at once; the others wait in the order they came. */
export class Turnstile {
  readonly #limit: number;
  #inside = 0;
  readonly #waiting = new Set<() => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Nobody is inside or waits. */
  get idle(): boolean {
    return this.#inside === 0 && this.#waiting.size === 0;
  }

  /** @returns null if the caller is in, else what to wait for: rejects with the signal's reason when it aborts */
  enter(signal: () => AbortSignal): Promise<void> | null {
    if (this.#inside >= this.#limit || this.#waiting.size > 0) return this.#queue(signal());
    this.#inside++;
    return null;
  }

  /** Whoever was let in calls it, once. */
  leave(): void {
    this.#inside--;
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#waiting.delete(first);
    this.#inside++; // the place is handed on at once, so that nobody who comes now can take it
    first();
  }

  #queue(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(admit);
        reject(signal.reason);
      };
      const admit = (): void => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.add(admit);
    });
  }
}

/** One turnstile per key, for as long as somebody uses it. */
export class KeyedLocks {
  readonly #locks = new Map<string, Turnstile>();

  get size(): number {
    return this.#locks.size;
  }

  enter(key: string, signal: () => AbortSignal): Promise<void> | null {
    let lock = this.#locks.get(key);
    if (lock === undefined) {
      lock = new Turnstile(1);
      this.#locks.set(key, lock);
    }
    return lock.enter(signal);
  }

  leave(key: string): void {
    const lock = this.#locks.get(key);
    lock?.leave();
    if (lock?.idle) this.#locks.delete(key);
  }
}
