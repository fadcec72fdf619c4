/*
 * Gives the items of a stage one by one, each with its key.
 *
 * Invariants
 *  1. The source is asked for one item at a time, only when one is wanted, and never after its end.
 *  2. A source that was not iterated to its end is closed once. One that broke is not: it has closed itself.
 *  3. Keys differ. Those of an array are looked at before the first item is given.
 */
import { type ItemsFailedError, sourceFailed } from './item-errors.js';
import type { ItemLedger } from './item-ledger.js';
import { type AnyIterator, iteratorOf } from './iterator-of.js';
import { promiseOf } from './promise-of.js';

type Pull = IteratorResult<unknown, unknown>;

export interface FedItem {
  readonly key: string;
  readonly index: number;
  readonly value: unknown;
}

export class ItemFeed {
  readonly #ledger: ItemLedger;
  readonly #onChange: () => void;
  #iterator: AnyIterator | null = null;
  /** Of an array; null for what is taken from as it goes. */
  #keys: readonly string[] | null = null;
  #next = 0;
  #isPulling = false;
  #isClosing = false;
  #isDrained = false;
  /** What was waited for. */
  #arrived: (() => Pull) | null = null;

  /** @param onChange is told when something was waited for: an item, the end, or that the source is closed */
  constructor(ledger: ItemLedger, onChange: () => void) {
    this.#ledger = ledger;
    this.#onChange = onChange;
  }

  /** Everything there is was given. */
  get isDrained(): boolean {
    return this.#isDrained;
  }

  /** Something of the source is waited for. */
  get isBusy(): boolean {
    return this.#isPulling || this.#isClosing;
  }

  /** @throws ItemsFailedError */
  open(pick: () => unknown): void {
    const items = this.#guarded(pick);
    const iterator = this.#guarded(() => iteratorOf(items));
    if (iterator === null) throw sourceFailed(this.#ledger, items);
    if (Array.isArray(items)) this.#keys = items.map((item, index) => this.#ledger.register(item, index));
    this.#iterator = iterator;
  }

  /** @returns null if there is none, or if it has to be waited for. @throws ItemsFailedError */
  next(): FedItem | null {
    if (this.isBusy || this.#isDrained || this.#iterator === null) return null;
    const pull = this.#guarded(() => this.#pull(this.#iterator as AnyIterator));
    if (pull === null) return null;
    if (pull.done === true) {
      this.#isDrained = true;
      return null;
    }
    const index = this.#next++;
    return { key: this.#keys?.[index] ?? this.#ledger.register(pull.value, index), index, value: pull.value };
  }

  /** Whether an item of this key is still to come; of a source that is taken from as it goes, whether it may. */
  mayHave(key: string): boolean {
    if (this.#isDrained) return false;
    return this.#keys === null ? !this.#ledger.has(key) : this.#keys.indexOf(key) >= this.#next;
  }

  /** Nothing more is wanted. What its closing throws is dropped: whoever closes it has a reason of its own. */
  close(): void {
    const iterator = this.#iterator;
    this.#iterator = null;
    if (this.#isDrained || iterator?.return === undefined) return;
    let closing: Promise<unknown> | null = null;
    try {
      closing = promiseOf(iterator.return());
    } catch {
      return;
    }
    if (closing === null) return;
    this.#isClosing = true;
    const closed = (): void => {
      this.#isClosing = false;
      this.#onChange();
    };
    closing.then(closed, closed);
  }

  #pull(iterator: AnyIterator): Pull | null {
    if (this.#arrived !== null) {
      const take = this.#arrived;
      this.#arrived = null;
      return take();
    }
    const pull = iterator.next();
    const pending = promiseOf(pull);
    if (pending === null) return pull as Pull;
    this.#isPulling = true;
    pending.then(
      (given) => this.#arrive(() => given as Pull),
      (error: unknown) =>
        this.#arrive(() => {
          throw error;
        }),
    );
    return null;
  }

  #arrive(take: () => Pull): void {
    this.#isPulling = false;
    this.#arrived = take;
    this.#onChange();
  }

  /** What throws is the source, which then is at its end. */
  #guarded<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      this.#iterator = null;
      throw sourceFailed(this.#ledger, null, error) satisfies ItemsFailedError;
    }
  }
}
