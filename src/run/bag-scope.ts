import type { BagKey, BagView, ContextBag, IsUpstream } from '../context/index.js';
import { inNamespace, namesFor } from '../stage/index.js';

/**
 * The run's bag as one stage sees it: it writes under its own name, and reads what was written upstream. What is written in a
 * component that has a prefix is kept under that prefix, so that the component can be there twice, and read there without it.
 */
export class BagScope implements BagView {
  readonly #bag: ContextBag;
  readonly #stage: string;
  readonly #namespace: string;
  readonly #isUpstream: IsUpstream;

  /** @param isUpstream who runs after whom */
  constructor(bag: ContextBag, stage: string, namespace: string, isUpstream: IsUpstream) {
    this.#bag = bag;
    this.#stage = stage;
    this.#namespace = namespace;
    this.#isUpstream = isUpstream;
  }

  set(key: BagKey<any> | string, value: unknown): void {
    this.#bag.set(inNamespace(this.#namespace, nameOf(key)), value, this.#stage, this.set);
  }

  has(key: BagKey<any> | string): boolean {
    return this.#bag.has(this.#found(nameOf(key)), this.#stage, this.#isUpstream);
  }

  get<T>(key: BagKey<T>): T;
  get(key: string): unknown;
  get(key: BagKey<any> | string): unknown {
    return this.#bag.read(this.#found(nameOf(key)), this.#stage, this.#isUpstream);
  }

  /** The innermost key of the name that this stage may read; the plain one if there is none. */
  #found(key: string): string {
    if (this.#namespace === '') return key;
    for (const name of namesFor(key, this.#namespace)) {
      if (this.#bag.has(name, this.#stage, this.#isUpstream)) return name;
    }
    return key;
  }
}

function nameOf(key: BagKey<any> | string): string {
  return typeof key === 'string' ? key : key.name;
}
