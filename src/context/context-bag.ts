import { StageflowError } from '../errors/index.js';

interface Entry {
  readonly value: unknown;
  readonly writer: string;
}

/** What stages see of the bag: each stage writes under its own name. */
export interface BagView {
  /** Stores `value` for the rest of the run. @throws BAG_CONFLICT if any stage wrote this key before. */
  set(key: string, value: unknown): void;
  has(key: string): boolean;
  /** @throws BAG_KEY_MISSING if nobody wrote the key; use `has` to ask first. */
  get(key: string): unknown;
}

/** Write-once storage shared by the stages of one run, for facts that are not part of an output. */
export class ContextBag {
  readonly #entries = new Map<string, Entry>();

  set(key: string, value: unknown, writer: string): void {
    const first = this.#entries.get(key);
    if (first !== undefined) {
      throw new StageflowError({
        code: 'BAG_CONFLICT',
        message: `Stage "${writer}" writes bag key "${key}", which stage "${first.writer}" has already written; the first value is kept.`,
        fix: 'Give each stage its own key, or hand the value on as an output.',
        details: { key, firstWriter: first.writer, secondWriter: writer },
      });
    }
    this.#entries.set(key, { value, writer });
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  get(key: string): unknown {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      throw new StageflowError({
        code: 'BAG_KEY_MISSING',
        message: `No stage has written bag key "${key}". Written so far: ${[...this.#entries.keys()].join(', ') || 'nothing'}.`,
        fix: 'Depend on the stage that writes it, or ask has() first.',
        details: { key, written: [...this.#entries.keys()] },
      });
    }
    return entry.value;
  }
}
