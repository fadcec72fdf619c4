import { StageflowError } from '../errors/index.js';
import type { Lazy } from '../metadata/index.js';
import { UNBUILT } from './frame.js';

/** What a parameter declared `Lazy<T>` receives. */
export class LazyReference<T> implements Lazy<T> {
  readonly #name: string;
  readonly #read: () => unknown;

  /** @param read gives UNBUILT while there is nothing to give yet. */
  constructor(name: string, read: () => unknown) {
    this.#name = name;
    this.#read = read;
  }

  get(): T {
    const value = this.#read();
    if (value === UNBUILT) throw readTooEarly(this.#name);
    return value as T;
  }
}

export function readTooEarly(name: string): StageflowError {
  return new StageflowError({
    code: 'DI_LAZY_TOO_EARLY',
    message: `The lazy reference to ${name} was read while ${name} was still being built.`,
    fix: 'Keep the reference in the constructor, and call get() later, in a method.',
    details: { token: name },
  });
}

/**
 * An object that forwards to another one, for classes that expect the object itself (tsyringe's `delay`, Nest's
 * `forwardRef`). Methods run on the real object, so private members work.
 */
export function standInFor(reference: Lazy<unknown>): object {
  const target = (): object => reference.get() as object;
  return new Proxy(Object.create(null) as object, {
    get(_, key) {
      const value: unknown = Reflect.get(target(), key);
      return typeof value === 'function' && key !== 'constructor' ? value.bind(target()) : value;
    },
    set: (_, key, value) => Reflect.set(target(), key, value),
    has: (_, key) => Reflect.has(target(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(target()),
    ownKeys: () => Reflect.ownKeys(target()),
    getOwnPropertyDescriptor(_, key) {
      const descriptor = Reflect.getOwnPropertyDescriptor(target(), key);
      // A proxy may only report what its own, empty target lacks as configurable.
      return descriptor === undefined ? undefined : { ...descriptor, configurable: true };
    },
    deleteProperty: (_, key) => Reflect.deleteProperty(target(), key),
  });
}
