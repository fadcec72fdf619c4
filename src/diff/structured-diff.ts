import { isDeepStrictEqual } from 'node:util';

export const DiffKind = { Added: 'added', Removed: 'removed', Changed: 'changed' } as const;
export type DiffKind = (typeof DiffKind)[keyof typeof DiffKind];

export interface StructuredChange {
  readonly kind: DiffKind;
  /** The way there: keys and indexes. */
  readonly path: readonly (string | number)[];
  /** Undefined for what was added. */
  readonly before: unknown;
  /** Undefined for what was removed. */
  readonly after: unknown;
}

export interface StructuredDiffOptions {
  /** Keys that do not count: `updatedAt` anywhere, or `/meta/at` at that place only. */
  readonly ignore?: readonly string[];
}

export interface StructuredDiff {
  readonly changes: readonly StructuredChange[];
  readonly identical: boolean;
  /** Which share of the values that count is equal, 0 to 1; 1 if there are none. */
  readonly similarity: number;
}

interface Walk {
  readonly ignore: ReadonlySet<string>;
  readonly changes: StructuredChange[];
  /** The pairs above, so that circles end. */
  readonly above: [unknown, unknown][];
  equal: number;
}

/** Says where two values differ, for people and programs. Compares anything: dates by their time, maps and sets as a whole. */
export function diffStructured(before: unknown, after: unknown, options: StructuredDiffOptions = {}): StructuredDiff {
  const walk: Walk = { ignore: new Set(options.ignore), changes: [], above: [], equal: 0 };
  compare(walk, [], before, after);
  const { changes, equal } = walk;
  const all = equal + changes.length;
  return { changes, identical: changes.length === 0, similarity: all === 0 ? 1 : equal / all };
}

function compare(walk: Walk, path: readonly (string | number)[], before: unknown, after: unknown): void {
  const keys = sharedKeys(before, after);
  if (keys === null) {
    if (isDeepStrictEqual(before, after)) walk.equal++;
    else walk.changes.push({ kind: DiffKind.Changed, path, before, after });
    return;
  }
  if (walk.above.some(([one, other]) => one === before && other === after)) return;
  walk.above.push([before, after]);
  for (const key of keys) compareKey(walk, [...path, key], before as object, after as object);
  walk.above.pop();
}

function compareKey(walk: Walk, path: readonly (string | number)[], before: object, after: object): void {
  const key = path.at(-1) as never;
  if (isIgnored(walk, path)) return;
  const [inBefore, inAfter] = [Object.hasOwn(before, key), Object.hasOwn(after, key)];
  if (inBefore && inAfter) compare(walk, path, before[key], after[key]);
  else if (inBefore) walk.changes.push({ kind: DiffKind.Removed, path, before: before[key], after: undefined });
  else walk.changes.push({ kind: DiffKind.Added, path, before: undefined, after: after[key] });
}

/** The keys of both; null unless both are lists, or both are plain objects. */
function sharedKeys(before: unknown, after: unknown): readonly (string | number)[] | null {
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index);
  }
  if (!isPlain(before) || !isPlain(after)) return null;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function isIgnored({ ignore }: Walk, path: readonly (string | number)[]): boolean {
  if (ignore.size === 0) return false;
  const pointer = path.map((key) => `/${String(key).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
  return ignore.has(String(path.at(-1))) || ignore.has(pointer);
}
