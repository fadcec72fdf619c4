/** A copy in which instances of classes that hold data are plain objects. What else cannot be encoded stays as it is. */
export function plainCopy(value: unknown): unknown {
  return copy(value, new Map());
}

function copy(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (known.has(value)) return known.get(value);
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    known.set(value, items);
    for (const item of value) items.push(copy(item, known));
    return items;
  }
  if (!isInstance(value)) return value;
  const fields: Record<string, unknown> = {};
  known.set(value, fields);
  for (const [name, inner] of Object.entries(value)) {
    Object.defineProperty(fields, name, { value: copy(inner, known), enumerable: true, writable: true });
  }
  return fields;
}

/** Plain objects as well: they may hold instances. Built-in classes name themselves by a tag. */
function isInstance(value: object): boolean {
  if (Symbol.toStringTag in value || value instanceof Error) return false;
  return Object.prototype.toString.call(value) === '[object Object]';
}
