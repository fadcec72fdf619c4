const DEEPEST = 32;

/** A deep, frozen copy of JSON data. Its objects inherit nothing, so a lookup finds claims only. */
export type FrozenClaims = Readonly<Record<string, unknown>>;

export const NO_CLAIMS: FrozenClaims = Object.freeze(Object.create(null));

/** What was made here need not be copied again. */
const made = new WeakSet<object>();

/** The copy, or `undefined` if something in it is not JSON data, too deep, or meant to reach a prototype. */
export function freezeClaims(claims: unknown): FrozenClaims | undefined {
  if (!isRecord(claims)) return undefined;
  if (made.has(claims)) return claims;
  const copy = freeze(claims, 0) as FrozenClaims | undefined;
  if (copy !== undefined) made.add(copy);
  return copy;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** `undefined` stands for "cannot be frozen": it is no JSON value. */
function freeze(value: unknown, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (depth >= DEEPEST) return undefined;
  if (Array.isArray(value)) return freezeList(value, depth + 1);
  return isRecord(value) ? freezeRecord(value, depth + 1) : undefined;
}

function freezeList(values: readonly unknown[], depth: number): unknown {
  const copies = Array.from(values, (value) => freeze(value, depth));
  return copies.includes(undefined) ? undefined : Object.freeze(copies);
}

function freezeRecord(record: Record<string, unknown>, depth: number): unknown {
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(record)) {
    if (value === undefined) continue;
    if (name === '__proto__' || (name === 'constructor' && isRecord(value))) return undefined;
    const frozen = freeze(value, depth);
    if (frozen === undefined) return undefined;
    copy[name] = frozen;
  }
  return Object.freeze(copy);
}
