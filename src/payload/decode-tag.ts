import { Tag } from './encoding.js';
import type { Step } from './field-path.js';
import type { Trail } from './trail.js';

interface Inner {
  decode(json: unknown, step: Step): unknown;
}

const ODD_NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);
const DIGITS = /^-?\d+$/;

/** Reads the object that has `tag` as its only field. The trail stands at that object. */
export function decodeTag(tag: string, json: unknown, trail: Trail<unknown>, inner: Inner): unknown {
  switch (tag) {
    case Tag.Undefined:
      return json === true ? undefined : refuse(trail, tag, 'must be true');
    case Tag.Number:
      return ODD_NUMBERS.get(json) ?? refuse(trail, tag, 'must be "NaN", "Infinity", "-Infinity" or "-0"');
    case Tag.Bigint:
      return typeof json === 'string' && DIGITS.test(json) ? BigInt(json) : refuse(trail, tag, 'must be digits');
    case Tag.Date:
      return decodeDate(json) ?? refuse(trail, tag, 'must be an ISO date');
    case Tag.Bytes:
      return decodeBytes(json) ?? refuse(trail, tag, 'must be base64');
    case Tag.Map:
      return decodeMap(json, inner) ?? refuse(trail, tag, 'must be a list of pairs');
    case Tag.Set:
      return decodeSet(json, inner) ?? refuse(trail, tag, 'must be a list');
    default:
      return refuse(trail, tag, 'is no tag of this encoding; a field that begins with $ is written with $$');
  }
}

function refuse(trail: Trail<unknown>, tag: string, problem: string): undefined {
  trail.refuse(tag, problem);
  return undefined;
}

function decodeDate(json: unknown): Date | null {
  if (typeof json !== 'string') return null;
  const date = new Date(json);
  return Number.isNaN(date.getTime()) ? null : date;
}

function decodeBytes(json: unknown): Uint8Array | null {
  if (typeof json !== 'string' || json.length % 4 !== 0) return null;
  const bytes = Buffer.from(json, 'base64');
  const padding = json.endsWith('==') ? 2 : json.endsWith('=') ? 1 : 0;
  if (bytes.length !== (json.length / 4) * 3 - padding) return null; // characters that are not base64 are passed over
  // A small Buffer is a window on memory that others use.
  return bytes.length === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
}

function decodeMap(json: unknown, inner: Inner): Map<unknown, unknown> | null {
  if (!Array.isArray(json) || !json.every((pair) => Array.isArray(pair) && pair.length === 2)) return null;
  const map = new Map<unknown, unknown>();
  json.forEach(([key, value], entry) => {
    map.set(inner.decode(key, { entry, side: 'key' }), inner.decode(value, { entry, side: 'value' }));
  });
  return map;
}

function decodeSet(json: unknown, inner: Inner): Set<unknown> | null {
  return Array.isArray(json) ? new Set(json.map((item, entry) => inner.decode(item, { entry, side: 'item' }))) : null;
}
