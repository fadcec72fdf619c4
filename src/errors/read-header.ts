import { readSafely } from './safe-read.js';

/** More headers than any server sends: what holds more is no list of headers. */
const MOST_HEADERS = 500;

/**
 * A header of whatever a client keeps headers in: a `Headers` object or a Map, a plain object, a list of pairs, or the flat
 * list of `rawHeaders`. Names are compared without case. @param name in lower case
 */
export function readHeader(headers: unknown, name: string): string | undefined {
  try {
    return firstText(
      Array.isArray(headers) ? inList(headers, name) : (byMethod(headers, name) ?? inObject(headers, name)),
    );
  } catch {
    return undefined; // headers that refuse to be looked at
  }
}

function byMethod(headers: unknown, name: string): unknown {
  const get = readSafely(headers, 'get');
  if (typeof get !== 'function') return undefined;
  const found: unknown = get.call(headers, name);
  if (found !== null && found !== undefined) return found;
  // A Map compares names as they are, so its entries are looked through, too.
  return headers instanceof Map ? inList([...headers], name) : undefined;
}

function inObject(headers: unknown, name: string): unknown {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const key = Object.keys(headers)
    .slice(0, MOST_HEADERS)
    .find((candidate) => candidate.toLowerCase() === name);
  return key === undefined ? undefined : readSafely(headers, key);
}

function inList(headers: readonly unknown[], name: string): unknown {
  const isPairs = Array.isArray(headers[0]);
  for (let index = 0; index < headers.length && index < MOST_HEADERS; index += isPairs ? 1 : 2) {
    const [key, value] = isPairs ? (headers[index] as unknown[]) : [headers[index], headers[index + 1]];
    if (typeof key === 'string' && key.toLowerCase() === name) return value;
  }
  return undefined;
}

function firstText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'number') return String(first);
  return typeof first === 'string' && first.trim() !== '' ? first.trim() : undefined;
}
