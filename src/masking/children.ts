import { types } from 'node:util';

/** Keys of an error that hold values and are not enumerable. */
export const HIDDEN_ERROR_KEYS = ['message', 'stack', 'cause', 'errors'] as const;
/** Classes of the platform that hold pairs and show no keys. By tag: asking for the global would load them. */
const PAIR_TAGS: readonly unknown[] = ['Headers', 'URLSearchParams', 'FormData'];

type Pairs = Iterable<readonly [string, unknown]>;

/** Errors of other realms included. */
export function isError(object: object): object is Error {
  return types.isNativeError(object) || object instanceof Error;
}

/** The pairs of `Headers`, `URLSearchParams` and `FormData`. */
export function pairsOf(object: object): Pairs | undefined {
  const tag = (object as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  return PAIR_TAGS.includes(tag) && Symbol.iterator in object ? (object as Pairs) : undefined;
}

/** What a log or a serialiser would show of an object: its own enumerable keys, symbols included. */
export function visibleKeys(object: object): (string | symbol)[] {
  const keys: (string | symbol)[] = Object.keys(object);
  for (const symbol of Object.getOwnPropertySymbols(object)) {
    if (Object.prototype.propertyIsEnumerable.call(object, symbol)) keys.push(symbol);
  }
  return keys;
}

/** Calls `visit` with every key and value in an object of any kind. */
export function eachChild(object: object, visit: (key: string, value: unknown) => void): void {
  const pairs = pairsOf(object);
  if (types.isMap(object)) for (const [key, value] of object) visitPair(key, value, visit);
  else if (types.isSet(object)) for (const value of object) visit('', value);
  else if (pairs !== undefined) for (const [key, value] of pairs) visit(key, value);
  else {
    for (const key of visibleKeys(object)) visit(keyText(key), (object as Record<string | symbol, unknown>)[key]);
    if (!isError(object)) return;
    visit('cause', object.cause);
    visit('errors', (object as AggregateError).errors);
  }
}

function visitPair(key: unknown, value: unknown, visit: (key: string, value: unknown) => void): void {
  if (typeof key === 'object') visit('', key);
  visit(keyText(key), value);
}

/** What a key is called. An object as the key of a map has no name. */
export function keyText(key: unknown): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'symbol') return key.description ?? '';
  return typeof key === 'object' || typeof key === 'function' ? '' : String(key);
}
