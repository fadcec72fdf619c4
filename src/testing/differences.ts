/*
 * What is wrong with a value that should contain another. Objects may hold more than is expected of them, lists may not.
 */
import { inspect, isDeepStrictEqual } from 'node:util';

/** What matchers of other libraries, such as `expect.any(String)`, look like. */
interface Asymmetric {
  asymmetricMatch(value: unknown): boolean;
}

/** One line for every place that differs; empty if nothing does. */
export function differences(expected: unknown, received: unknown): readonly string[] {
  const lines: string[] = [];
  compare(expected, received, '', lines, new Set());
  return lines;
}

function compare(expected: unknown, received: unknown, path: string, lines: string[], open: Set<unknown>): void {
  if (Object.is(expected, received) || open.has(expected)) return;
  const differ = (): void => {
    lines.push(`${path === '' ? 'the value' : path}: expected ${show(expected)}, received ${show(received)}`);
  };
  if (isAsymmetric(expected)) {
    if (!expected.asymmetricMatch(received)) differ();
    return;
  }
  if (!isStructure(expected) || !isStructure(received) || Array.isArray(expected) !== Array.isArray(received)) {
    if (!isSameLeaf(expected, received)) differ();
    return;
  }
  open.add(expected);
  if (Array.isArray(expected) && expected.length !== (received as unknown as unknown[]).length) {
    lines.push(
      `${path === '' ? 'the list' : path}: expected ${expected.length} items, received ${(received as unknown as unknown[]).length}`,
    );
  }
  for (const [key, value] of Object.entries(expected)) {
    if (Array.isArray(received) && Number(key) >= received.length) continue; // said by the length
    compare(value, received[key], stepTo(path, key, Array.isArray(expected)), lines, open);
  }
  open.delete(expected);
}

function stepTo(path: string, key: string, isIndex: boolean): string {
  if (isIndex) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** Plain objects, instances and lists are looked into; what has its value elsewhere than in fields is not. */
function isStructure(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  return !(
    value instanceof Date ||
    value instanceof RegExp ||
    value instanceof Map ||
    value instanceof Set ||
    value instanceof Error
  );
}

/** By value: what a run hands on is frozen, and a frozen date or map has another prototype than a date or a map. */
function isSameLeaf(expected: unknown, received: unknown): boolean {
  if (expected instanceof Date) return received instanceof Date && +expected === +received;
  for (const Collection of [Map, Set]) {
    if (!(expected instanceof Collection)) continue;
    return received instanceof Collection && isDeepStrictEqual([...expected], [...received]);
  }
  return isDeepStrictEqual(expected, received);
}

function isAsymmetric(value: unknown): value is Asymmetric {
  return typeof (value as Partial<Asymmetric> | null | undefined)?.asymmetricMatch === 'function';
}

/** On one line, and not without end. */
export function show(value: unknown): string {
  return inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 200, maxArrayLength: 20 });
}
