import { isGetter } from './getter.js';

/** What a value takes beside its content: a number, a reference, the head of an object. */
const SLOT = 8;

/**
 * Roughly how many bytes a payload holds, when something depends on whether it is large. Text counts one byte a character,
 * other plain values 8, bytes what they are, each object once; functions count nothing. Encodes and copies nothing, runs no
 * getter, takes no time for bytes however many.
 * @param stopAt stop counting once this many bytes are passed; the result is then some number above it. Default: count all.
 */
export function payloadSize(value: unknown, stopAt = Number.POSITIVE_INFINITY): number {
  if (typeof value !== 'object' || value === null) return leafSize(value);
  const flat = flatSize(value, stopAt);
  if (flat >= 0) return flat;
  const count = new Count(stopAt);
  count.object(value);
  return count.bytes;
}

/** Of a plain object that holds no other, which most outputs are; -1 for anything else. */
function flatSize(value: object, stopAt: number): number {
  try {
    if (Object.getPrototypeOf(value) !== Object.prototype) return -1;
    let bytes = SLOT;
    for (const name in value) {
      const inner: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
      if (typeof inner === 'object' && inner !== null) return -1;
      bytes += name.length + leafSize(inner);
      if (bytes > stopAt) break;
    }
    return bytes;
  } catch {
    return -1; // a proxy that does not want to be looked at
  }
}

function leafSize(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value === 'bigint') return Math.max(SLOT, value.toString(16).length >> 1);
  return typeof value === 'function' || typeof value === 'undefined' ? 0 : SLOT;
}

class Count {
  bytes = 0;
  readonly #stopAt: number;
  readonly #seen = new Set<object>();
  readonly #pending: object[] = [];

  constructor(stopAt: number) {
    this.#stopAt = stopAt;
  }

  object(value: object): void {
    this.#seen.add(value);
    for (let next: object | undefined = value; next !== undefined && !this.#passed; next = this.#pending.pop()) {
      this.bytes += SLOT;
      try {
        this.#content(next);
      } catch {
        // A proxy that does not want to be looked at counts as empty.
      }
    }
  }

  get #passed(): boolean {
    return this.bytes > this.#stopAt;
  }

  #content(value: object): void {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) this.bytes += value.byteLength;
    else if (Array.isArray(value)) this.#items(value);
    else if (value instanceof Map) {
      for (const [key, inner] of value) {
        this.#add(key);
        this.#add(inner);
        if (this.#passed) return;
      }
    } else if (value instanceof Set) {
      for (const inner of value) {
        this.#add(inner);
        if (this.#passed) return;
      }
    } else this.#fields(value);
  }

  #items(values: readonly unknown[]): void {
    for (let index = 0; index < values.length && !this.#passed; index++) {
      if (!isGetter(values, index)) this.#add(values[index]);
    }
  }

  #fields(value: object): void {
    for (const name of Object.keys(value)) {
      this.bytes += name.length;
      this.#add(Object.getOwnPropertyDescriptor(value, name)?.value);
      if (this.#passed) return;
    }
  }

  #add(value: unknown): void {
    if (typeof value !== 'object' || value === null) this.bytes += leafSize(value);
    else if (!this.#seen.has(value)) {
      this.#seen.add(value);
      this.#pending.push(value);
    }
  }
}
