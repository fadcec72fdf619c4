import type { BagView, ContextBag } from '../context/index.js';

/** The run's bag as one stage sees it: it writes under its own name. */
export class BagScope implements BagView {
  readonly #bag: ContextBag;
  readonly #writer: string;

  constructor(bag: ContextBag, writer: string) {
    this.#bag = bag;
    this.#writer = writer;
  }

  set(key: string, value: unknown): void {
    this.#bag.set(key, value, this.#writer);
  }

  has(key: string): boolean {
    return this.#bag.has(key);
  }

  get(key: string): unknown {
    return this.#bag.get(key);
  }
}
