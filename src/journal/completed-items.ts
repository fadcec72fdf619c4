import { decodePayload } from '../payload/index.js';
import type { ItemCompleted } from './journal-entry.js';

/** What items had handed on when their run was interrupted, by their stage and its round. */
export class CompletedItems {
  readonly #items = new Map<string, Map<string, object>>();

  /** One that was left out when it was written is worked on again. */
  add(stage: string, { item }: ItemCompleted): void {
    if (item === undefined) return;
    const { key, data } = decodePayload(item) as { readonly key: string; readonly data: object };
    const items = this.#items.get(stage) ?? new Map<string, object>();
    this.#items.set(stage, items.set(key, data));
  }

  of(stage: string, key: string): object | null {
    return this.#items.get(stage)?.get(key) ?? null;
  }
}
