import { transformOf } from './dto-transforms.js';
import { pathTo } from './issue-path.js';
import type { DtoPeers, TypeMetadata } from './peers.js';
import { isPlainObject } from './type-name.js';

const UNSAFE_KEYS: readonly string[] = ['__proto__', 'constructor'];

/**
 * Copies what class-transformer is going to read, because it deletes discriminators from what it is given, and takes out
 * what it would ruin: left to itself it rebuilds a Set as an array and a Uint8Array or URL from its keys. Functions pass
 * through it unchanged, so each such object travels inside of one and is put back by `restore`.
 */
export class DtoCopy {
  /** Where a value holds itself. */
  circularAt: string | undefined;
  readonly #types: DtoPeers['types'];
  readonly #isDto: (value: object) => boolean;
  readonly #ancestors: object[] = [];
  readonly #wrapped = new Map<unknown, unknown>();

  /** @param isDto whether an object is an instance of a class with rules. */
  constructor(types: DtoPeers['types'], isDto: (value: object) => boolean) {
    this.#types = types;
    this.#isDto = isDto;
  }

  /** A copy of `source` to make an instance of `target` from. */
  copy(source: object, target: Function, path = ''): Record<string, unknown> {
    return this.#copyKeys(source, path, (value, key) => {
      if (typeof value !== 'object' || value === null) return value;
      const { property, type, isTransformed } = transformOf(target, key, this.#types);
      if (type !== undefined) return this.#copyTyped(value, (one) => classFor(type, one, property), pathTo(path, key));
      return isTransformed ? value : this.#copyUntyped(value, pathTo(path, key));
    });
  }

  /** Puts back into an instance what travelled in functions. */
  restore(instance: object): void {
    if (this.#wrapped.size > 0) this.#restoreIn(instance, new Set());
  }

  #copyTyped(value: object, classOf: (value: object) => Function | undefined, path: string): unknown {
    if (Array.isArray(value)) {
      return this.#copyList(value, path, (item, at) => (isObject(item) ? this.#copyTyped(item, classOf, at) : item));
    }
    const target = classOf(value);
    const isNested = typeof target === 'function' && (isPlainObject(value) || this.#isDto(value));
    return isNested ? this.copy(value, target, path) : value;
  }

  #copyUntyped(value: unknown, path: string): unknown {
    if (!isObject(value) || value instanceof Date) return value;
    if (Array.isArray(value)) return this.#copyList(value, path, (item, at) => this.#copyUntyped(item, at));
    if (isPlainObject(value)) {
      return this.#copyKeys(value, path, (item, key) => this.#copyUntyped(item, pathTo(path, key)));
    }
    const carrier = () => value;
    this.#wrapped.set(carrier, value);
    return carrier;
  }

  #copyKeys(source: object, path: string, each: (value: unknown, key: string) => unknown): Record<string, unknown> {
    const copied: Record<string, unknown> = {};
    if (!this.#enter(source, path)) return copied;
    for (const key of Object.keys(source)) {
      if (!UNSAFE_KEYS.includes(key)) copied[key] = each((source as Record<string, unknown>)[key], key);
    }
    this.#ancestors.pop();
    return copied;
  }

  #copyList(source: unknown[], path: string, each: (item: unknown, path: string) => unknown): unknown[] {
    if (!this.#enter(source, path)) return [];
    const copied = Array.from(source, (item, index) => each(item, pathTo(path, index)));
    this.#ancestors.pop();
    return copied;
  }

  #enter(value: object, path: string): boolean {
    if (this.#ancestors.includes(value)) {
      this.circularAt ??= path;
      return false;
    }
    this.#ancestors.push(value);
    return true;
  }

  #restoreIn(object: object, seen: Set<object>): void {
    if (seen.has(object)) return;
    seen.add(object);
    const record = object as Record<string, unknown>;
    for (const key of Object.keys(record)) {
      const value = record[key];
      if (this.#wrapped.has(value)) record[key] = this.#wrapped.get(value);
      else if (isObject(value) && (Array.isArray(value) || isPlainObject(value) || this.#isDto(value))) {
        this.#restoreIn(value, seen);
      }
    }
  }
}

/** The class that `@Type` gives to a value, by its discriminator if there is one. */
function classFor({ typeFunction, options }: TypeMetadata, value: object, property: string): Function | undefined {
  const { discriminator } = options ?? {};
  const name = discriminator && (value as Readonly<Record<string, unknown>>)[discriminator.property];
  const subType = discriminator?.subTypes.find((one) => one.name === name);
  return subType?.value ?? typeFunction({ object: value, property });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
