import type { RuleMetadata } from './peers.js';

/** The type that the compiler noted for a field, if it did: a class, `Array`, `Object` for whatever has no class. */
export function declaredType({ target, propertyName }: RuleMetadata): Function | undefined {
  const reader: unknown = Reflect.get(Reflect, 'getMetadata');
  if (typeof reader !== 'function' || typeof target !== 'function') return undefined;
  return reader('design:type', target.prototype, propertyName) as Function | undefined;
}

export function isCollection(value: unknown): value is readonly unknown[] | Set<unknown> | Map<unknown, unknown> {
  return Array.isArray(value) || value instanceof Set || value instanceof Map;
}
