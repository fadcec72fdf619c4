// Constructor parameters are filled by the container; their types are checked from metadata.
export type Class<T = object> = new (...args: any[]) => T;
/** A class that may be abstract: usable as a token, not buildable by itself. */
export type AbstractClass<T = object> = abstract new (...args: any[]) => T;

/** A token for something that has no class: `const CLOCK = token<Clock>('Clock')`. Compared by identity. */
export class InjectionToken<out T = unknown> {
  readonly description: string;
  /** Type only; never set. */
  declare readonly type: T;

  constructor(description: string) {
    this.description = description;
    Object.freeze(this);
  }

  toString(): string {
    return this.description;
  }
}

/** Makes a token for something that has no class, such as an interface or a value. */
export function token<T>(description: string): InjectionToken<T> {
  return new InjectionToken<T>(description);
}

/** What providers are found by: a class, a `token(…)`, a string or a symbol. */
export type Token<T = unknown> = AbstractClass<T & object> | InjectionToken<T> | string | symbol;

export function tokenName(value: Token): string {
  if (typeof value === 'function') return value.name || '(anonymous class)';
  return typeof value === 'object' ? value.description : String(value);
}

/** Names a token later than the decorator runs, for two services that need each other: `@Inject(lazy(() => B))`. */
export interface LazyToken<out T = unknown> {
  readonly lazyToken: () => Token<T>;
}

/**
 * What a parameter decorated `@Inject(lazy(() => B))` receives: a reference that gives the one `B` once it is built.
 * Declare the parameter as `Lazy<B>`.
 */
export interface Lazy<out T> {
  /** @throws DI_LAZY_TOO_EARLY while `T` is still being built, that is in a constructor. */
  get(): T;
}

export function lazy<T extends object>(target: () => AbstractClass<T> | InjectionToken<T>): LazyToken<T> {
  return Object.freeze({ lazyToken: target as () => Token<T> });
}

export function isLazyToken(value: unknown): value is LazyToken {
  return typeof value === 'object' && value !== null && 'lazyToken' in value;
}

/** Whether a value can name something to inject. Goes by shape, so that tokens of a second loaded copy count. */
export function isToken(value: unknown): value is Token {
  if (typeof value === 'object' && value !== null)
    return 'description' in value && typeof value.description === 'string';
  return typeof value === 'function' || typeof value === 'string' || typeof value === 'symbol';
}
