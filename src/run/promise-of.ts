const NATIVE_THEN = Promise.prototype.then;

/**
 * What a stage returned as a promise, or null if it is none. Only a native promise is trusted: anything else with a
 * `then` may throw, or call back twice, and looking at it may throw as well.
 */
export function promiseOf(value: unknown): Promise<unknown> | null {
  if (value instanceof Promise && value.then === NATIVE_THEN) return value;
  const isThenable = typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
  return isThenable ? Promise.resolve(value) : null;
}

/** Something done at once has still been called: until the next turn of the queue its call counts as in flight. */
export function inOneTurn<T>(result: T | Promise<T>): Promise<T> {
  return Promise.resolve().then(() => result);
}
