/**
 * A frozen copy of a plain object that holds nothing but text, numbers and the like, as most small inputs do; null for
 * anything else, which the walk then looks into. Spares such objects the walk, which costs ten times as much.
 */
export function flatCopy(value: object): object | null {
  if (Object.getPrototypeOf(value) !== Object.prototype) return null;
  if (Object.getOwnPropertySymbols(value).length > 0) return null;
  const copy: Record<string, unknown> = {};
  for (const name of Object.getOwnPropertyNames(value)) {
    const field = Object.getOwnPropertyDescriptor(value, name);
    if (field?.enumerable !== true || !('value' in field) || name === '__proto__' || !isLeaf(field.value)) return null;
    copy[name] = field.value;
  }
  return Object.freeze(copy);
}

function isLeaf(value: unknown): boolean {
  if (typeof value === 'object') return value === null;
  return typeof value !== 'function' && typeof value !== 'symbol';
}
