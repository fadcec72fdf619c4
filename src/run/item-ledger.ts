/* What the items of one stage have come to. Of one that completed nothing is kept but its output and its key. */
import type { ItemPolicy, MissingItem, Settled, SomeItems } from '../stage/index.js';
import { duplicateKey, type ItemRecord, invalidKey, tooFewItems } from './item-errors.js';
import type { ItemEnding } from './item-execution.js';

type KeyOf = (item: unknown, index: number) => unknown;

export class ItemLedger implements ItemRecord {
  readonly stage: string;
  readonly #keyOf: KeyOf;
  /** In the order of the source: the first is that of item 0. */
  readonly #keys = new Set<string>();
  readonly #outputs: (object | undefined)[] = [];
  readonly #endings = new Map<number, ItemEnding>();
  completed = 0;

  constructor(stage: string, keyOf: KeyOf) {
    this.stage = stage;
    this.#keyOf = keyOf;
  }

  /** The key of an item that comes next. @throws ItemsFailedError */
  register(item: unknown, index: number): string {
    const key = this.#key(item, index);
    if (this.#keys.has(key)) throw duplicateKey(this, index, key);
    this.#keys.add(key);
    return key;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  ok(index: number, data: object): void {
    this.#outputs[index] = data;
    this.completed++;
  }

  missing(index: number, ending: ItemEnding): void {
    this.#endings.set(index, ending);
  }

  settled(): Settled[] {
    const settled: Settled[] = [];
    let index = 0;
    for (const key of this.#keys) {
      const data = this.#outputs[index];
      const ending = this.#endings.get(index);
      if (data !== undefined) settled.push({ key, index, status: 'ok', data });
      else if (ending !== undefined) settled.push({ key, index, ...ending });
      index++;
    }
    return settled;
  }

  /** What they come to under a policy that lets it be so. @throws ItemsFailedError */
  join(policy: ItemPolicy): readonly object[] | readonly Settled[] | SomeItems {
    if (policy === 'settled') return this.settled();
    if (policy === 'all') return this.#endings.size === 0 ? (this.#outputs as object[]) : this.#outputs.filter(isThere);
    const { atLeast } = policy;
    if (this.completed < atLeast) throw tooFewItems(this, this.completed, atLeast, this.#keys.size);
    const settled = this.settled();
    return {
      completed: settled.filter((item) => item.status === 'ok'),
      missing: settled.filter((item): item is MissingItem => item.status !== 'ok'),
    };
  }

  #key(item: unknown, index: number): string {
    let key: unknown;
    try {
      key = this.#keyOf(item, index);
    } catch (error) {
      throw invalidKey(this, index, undefined, error);
    }
    if (typeof key === 'string' && key !== '') return key;
    if (typeof key === 'number' && Number.isFinite(key)) return String(key);
    throw invalidKey(this, index, key);
  }
}

function isThere(data: object | undefined): data is object {
  return data !== undefined;
}
