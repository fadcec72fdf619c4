import type { BagKey, BagView, ContextBag, IsUpstream } from '../context/index.js';

/** The run's bag as one stage sees it: it writes under its own name, and reads what was written upstream. */
export class BagScope implements BagView {
  readonly #bag: ContextBag;
  readonly #stage: string;
  readonly #isUpstream: IsUpstream;

  /** @param isUpstream who runs after whom */
  constructor(bag: ContextBag, stage: string, isUpstream: IsUpstream) {
    this.#bag = bag;
    this.#stage = stage;
    this.#isUpstream = isUpstream;
  }

  set(key: BagKey<any> | string, value: unknown): void {
    this.#bag.set(nameOf(key), value, this.#stage, this.set);
  }

  has(key: BagKey<any> | string): boolean {
    return this.#bag.has(nameOf(key), this.#stage, this.#isUpstream);
  }

  get<T>(key: BagKey<T>): T;
  get(key: string): unknown;
  get(key: BagKey<any> | string): unknown {
    return this.#bag.read(nameOf(key), this.#stage, this.#isUpstream);
  }
}

function nameOf(key: BagKey<any> | string): string {
  return typeof key === 'string' ? key : key.name;
}
