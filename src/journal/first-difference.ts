import type { Json } from '../payload/index.js';

/** Where two values first differ, in the order of their fields. */
export interface Difference {
  /** `$.items[2].title`; `$` for the whole. */
  readonly path: string;
  /** Undefined where there is nothing. */
  readonly recorded: Json | undefined;
  readonly replayed: Json | undefined;
}

/** Null if they say the same. The order of fields counts for nothing. */
export function firstDifference(recorded: Json | undefined, replayed: Json | undefined, path = '$'): Difference | null {
  if (recorded === replayed) return null;
  if (Array.isArray(recorded) && Array.isArray(replayed)) {
    for (let index = 0; index < Math.max(recorded.length, replayed.length); index++) {
      const found = firstDifference(recorded[index], replayed[index], `${path}[${index}]`);
      if (found !== null) return found;
    }
    return null;
  }
  if (!isRecord(recorded) || !isRecord(replayed)) return { path, recorded, replayed };
  for (const name of new Set([...Object.keys(recorded), ...Object.keys(replayed)])) {
    const found = firstDifference(own(recorded, name), own(replayed, name), `${path}.${name}`);
    if (found !== null) return found;
  }
  return null;
}

type Fields = { readonly [name: string]: Json };

function isRecord(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(fields: Fields, name: string): Json | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
