/**
 * A value that is still being built. Not a promise, so that a promise or another thenable that somebody injects on
 * purpose is passed on as it is.
 */
export class Pending {
  /** There once `settled` has resolved. */
  value: unknown;
  readonly #settled: Promise<void>;

  /** @param finish makes the value, or another pending one, from what `source` resolves to. */
  constructor(source: PromiseLike<unknown>, finish: (resolved: unknown) => unknown) {
    this.#settled = this.#settle(source, finish);
  }

  /** Unlike `instanceof` this asks nothing of the value, which may be a proxy for something that is not there yet. */
  static is(value: unknown): value is Pending {
    return typeof value === 'object' && value !== null && #settled in value;
  }

  /** Rejects with what kept the value from being built. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  async #settle(source: PromiseLike<unknown>, finish: (resolved: unknown) => unknown): Promise<void> {
    const value = finish(await source);
    if (Pending.is(value)) {
      await value.settled;
      this.value = value.value;
    } else {
      this.value = value;
    }
  }
}

/** Calls `finish` with the arguments once none of them is pending any more. */
export function whenSettled(args: readonly unknown[], finish: (args: unknown[]) => unknown): Pending {
  const pending = args.filter(Pending.is);
  const settled = Promise.all(pending.map((value) => value.settled));
  return new Pending(settled, () => finish(args.map((value) => (Pending.is(value) ? value.value : value))));
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
