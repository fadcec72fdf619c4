import { StageflowError } from '../errors/index.js';

/*
 * Object.freeze does not reach what a Map, Set or Date holds: that lives in slots which only their methods change. So
 * those methods are hidden by ones that refuse. They stand on a prototype between the object and the built-in one, since
 * sixteen properties on every Date cost 4 us, and one change of prototype costs 0.05 us. `instanceof`, `constructor`,
 * iteration and structuredClone work as before; `Map.prototype.set.call(map)` still gets through, as nothing can stop it.
 */

function refusing<P extends object>(prototype: P, kind: string, mutators: readonly string[]): P {
  const refusals = mutators.map((name) => {
    const value = (): never => {
      throw new StageflowError({
        code: 'PAYLOAD_READ_ONLY',
        message: `${name}() was called on a ${kind} that others read, too.`,
        fix: `Copy it first: new ${kind}(original).`,
        details: { kind, method: name },
      });
    };
    return [name, { value }] as const;
  });
  return Object.freeze(Object.create(prototype, Object.fromEntries(refusals)));
}

export const READ_ONLY_MAP = refusing(Map.prototype, 'Map', ['set', 'delete', 'clear']);
export const READ_ONLY_SET = refusing(Set.prototype, 'Set', ['add', 'delete', 'clear']);
export const READ_ONLY_DATE = refusing(
  Date.prototype,
  'Date',
  Object.getOwnPropertyNames(Date.prototype).filter((name) => name.startsWith('set')),
);

/** Freezes what `kindOf` calls a map, set or date. @returns false if it was frozen before and therefore stays writable. */
export function makeReadOnly(value: object, readOnly: object): boolean {
  if (Object.getPrototypeOf(value) === readOnly) return true;
  if (!Object.isExtensible(value)) return false;
  Object.freeze(Object.setPrototypeOf(value, readOnly));
  return true;
}
