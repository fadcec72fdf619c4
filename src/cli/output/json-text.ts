/**
 * A result as JSON. What stages hand on may hold more than JSON can say: big integers become text, maps and sets become
 * objects and lists, bytes their number, and what is inside itself is named so.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(plain(value, []), null, 2) ?? 'null';
}

function plain(value: unknown, above: readonly object[]): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return '[circular]';
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === 'function') return toJSON.call(value);
  const inside = [...above, value];
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item, inside)]));
  }
  if (Array.isArray(value) || value instanceof Set) return [...value].map((item) => plain(item, inside));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, inside)]));
}
