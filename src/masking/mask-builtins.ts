import { types } from 'node:util';
import { pairsOf } from './children.js';
import type { Visit } from './visit.js';
import type { Place, Walk } from './walk.js';

/** Bytes beyond this are not searched through; they have no business in a log. */
const MOST_BYTES = 1_048_576;

/**
 * Masks what is more than its keys: maps, sets, bytes, dates, boxed values, headers. Gives `undefined` for everything
 * else, and the mask for what cannot be looked into.
 */
export function maskSpecial(walk: Walk, object: object, visit: Visit, place: Place): unknown {
  if (types.isDate(object)) return object;
  if (types.isMap(object)) return maskMap(walk, object, visit, place);
  if (types.isSet(object)) return maskSet(walk, object, visit, place);
  if (types.isAnyArrayBuffer(object) || ArrayBuffer.isView(object)) return maskBytes(walk, object);
  if (types.isBoxedPrimitive(object)) return maskPrinted(walk, object, object.valueOf(), place);
  if (types.isRegExp(object)) return maskPrinted(walk, object, String(object), place);
  if (types.isPromise(object)) return walk.findsNothing ? object : walk.mask();
  const pairs = pairsOf(object);
  return pairs === undefined ? undefined : maskPairs(walk, object, pairs, place);
}

function maskMap(walk: Walk, map: Map<unknown, unknown>, visit: Visit, place: Place): unknown {
  const pairs: [unknown, unknown][] = [];
  let isChanged = false;
  for (const [key, value] of map) {
    const maskedKey = walk.value(key, { ...place, depth: place.depth + 1 });
    const maskedValue = walk.child(key, value, place);
    isChanged ||= !Object.is(maskedKey, key) || !Object.is(maskedValue, value);
    pairs.push([maskedKey, maskedValue]);
  }
  if (!isChanged && !visit.hasCopy) return map;
  const copy = visit.copy as Map<unknown, unknown>;
  for (const [key, value] of pairs) copy.set(freeKey(copy, key), value);
  return copy;
}

/** Two texts that were masked alike stay two keys. */
function freeKey(copy: ReadonlyMap<unknown, unknown>, key: unknown): unknown {
  let free = key;
  for (let count = 2; copy.has(free); count++) free = `${String(key)} (${count})`;
  return free;
}

function maskSet(walk: Walk, set: Set<unknown>, visit: Visit, place: Place): unknown {
  const masked: unknown[] = [];
  let isChanged = false;
  for (const value of set) {
    const result = walk.element('', value, place);
    isChanged ||= !Object.is(result, value);
    masked.push(result);
  }
  if (!isChanged && !visit.hasCopy) return set;
  const copy = visit.copy as Set<unknown>;
  for (const value of masked) copy.add(value);
  return copy;
}

function maskBytes(walk: Walk, object: ArrayBufferView | ArrayBufferLike): unknown {
  if (walk.findsNothing) return object;
  if (object.byteLength > MOST_BYTES) return walk.mask();
  const bytes = ArrayBuffer.isView(object)
    ? Buffer.from(object.buffer, object.byteOffset, object.byteLength)
    : Buffer.from(object as ArrayBuffer);
  const text = bytes.toString('utf8');
  return walk.text(text) === text ? object : walk.mask();
}

/** The object, unless its printed form has to be masked: then that. */
function maskPrinted(walk: Walk, object: object, printed: unknown, place: Place): unknown {
  const masked = walk.value(printed, place);
  return Object.is(masked, printed) ? object : masked;
}

/** Headers and the like become plain data when there is something to mask in them. */
function maskPairs(walk: Walk, object: object, pairs: Iterable<readonly [string, unknown]>, place: Place): unknown {
  const copy: [string, unknown][] = [];
  let isChanged = false;
  for (const [key, value] of pairs) {
    const pair: [string, unknown] = [walk.text(key), walk.child(key, value, place)];
    isChanged ||= pair[0] !== key || !Object.is(pair[1], value);
    copy.push(pair);
  }
  return isChanged ? copy : object;
}
