/** Holds a stage until the test lets it go, instead of sleeping: `await gate.passed` in the stage, `gate.open()` in the test. */
export class Gate<T = void> {
  readonly passed: Promise<T>;
  /** Resolves when somebody has called `pass`. */
  readonly reached: Promise<void>;
  #open!: (value: T) => void;
  #fail!: (error: unknown) => void;
  #reach!: () => void;

  constructor() {
    this.passed = new Promise((resolve, reject) => {
      this.#open = resolve;
      this.#fail = reject;
    });
    // A gate that nobody waits for may still be failed.
    this.passed.catch(() => {});
    this.reached = new Promise((resolve) => {
      this.#reach = resolve;
    });
  }

  /** Says that the gate was reached, and waits for it. @param signal stops waiting, with its reason */
  pass(signal?: AbortSignal): Promise<T> {
    this.#reach();
    if (signal === undefined) return this.passed;
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(signal.reason);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      this.passed.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  open(value: T): void {
    this.#open(value);
  }

  fail(error: unknown): void {
    this.#fail(error);
  }
}
