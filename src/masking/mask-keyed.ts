import { HIDDEN_ERROR_KEYS, isError, visibleKeys } from './children.js';
import type { Visit } from './visit.js';
import type { Place, Walk } from './walk.js';

type Key = string | symbol;
type Keyed = Record<Key, unknown>;

/** Masks an object that is nothing but its keys, or an error. One with `toJSON` also by what that gives. */
export function maskKeyed(walk: Walk, object: object, visit: Visit, place: Place): unknown {
  const json = readJson(walk, object, place);
  const keys = keysOf(walk, object);
  const names = keys.map((key) => walk.value(key, place) as Key);
  const values: unknown[] = [];
  let isChanged = json?.isChanged ?? false;
  for (const [index, key] of keys.entries()) {
    const value = (object as Keyed)[key];
    const masked = walk.child(key, value, place);
    values.push(masked);
    isChanged ||= names[index] !== key || !Object.is(masked, value);
  }
  if (!isChanged && !visit.hasCopy) return object;
  fill(visit.copy, object, names, values);
  if (isError(object)) completeError(walk, visit.copy, object, place);
  if (json === undefined) return visit.copy;
  if (!isError(object)) return json.masked;
  Object.defineProperty(visit.copy, 'toJSON', { value: () => json.masked, configurable: true, writable: true });
  return visit.copy;
}

function readJson(walk: Walk, object: object, place: Place): { masked: unknown; isChanged: boolean } | undefined {
  const { toJSON } = object as { toJSON?: unknown };
  if (typeof toJSON !== 'function') return undefined;
  const json: unknown = toJSON.call(object, '');
  if (json === object) return undefined;
  const masked = walk.value(json, { ...place, depth: place.depth + 1 });
  return { masked, isChanged: !Object.is(masked, json) };
}

/** The texts of an error only if there is something to find in them: making up a stack is not cheap. */
function keysOf(walk: Walk, object: object): readonly Key[] {
  const keys = visibleKeys(object);
  if (!isError(object)) return keys;
  const hidden = walk.findsNothing ? (['cause', 'errors'] as const) : HIDDEN_ERROR_KEYS;
  return [...keys, ...hidden.filter((key) => !keys.includes(key) && Object.hasOwn(object, key))];
}

/** By definition, not assignment: a key may be `__proto__`. Two keys that were masked alike get numbers. */
function fill(copy: object, original: object, names: readonly Key[], values: readonly unknown[]): void {
  const hidden: readonly unknown[] = isError(original) ? HIDDEN_ERROR_KEYS : [];
  for (const [index, name] of names.entries()) {
    Object.defineProperty(copy, freeName(copy, name), {
      value: values[index],
      enumerable: !hidden.includes(name),
      configurable: true,
      writable: true,
    });
  }
}

function freeName(copy: object, name: Key): Key {
  let free = name;
  for (let count = 2; Object.hasOwn(copy, free); count++) free = `${String(name)} (${count})`;
  return free;
}

/** Texts that were not read before, or that the class makes up: all of them are there, and masked. */
function completeError(walk: Walk, copy: object, error: Error, place: Place): void {
  for (const key of ['message', 'stack'] as const) {
    if (Object.hasOwn(copy, key)) continue;
    const value = walk.value(error[key], place);
    Object.defineProperty(copy, key, { value, configurable: true, writable: true });
  }
}
