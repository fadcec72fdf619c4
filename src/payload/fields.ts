import { isGetter } from './getter.js';
import type { Trail } from './trail.js';

/**
 * The fields of a plain object that a walk may read without running code. What would be lost on the way is refused: symbol
 * keys, accessors, fields that are not enumerable.
 */
export function fieldNames(record: object, trail: Trail<unknown>): readonly string[] {
  if (Object.getOwnPropertySymbols(record).length > 0) trail.refuse(null, 'has symbol keys');
  const names = Object.keys(record);
  if (Object.getOwnPropertyNames(record).length > names.length) refuseHidden(record, trail);
  let readable = names;
  for (const name of names) {
    const field = Object.getOwnPropertyDescriptor(record, name);
    if (field === undefined || (field.get === undefined && field.set === undefined)) continue;
    trail.refuse(name, 'is an accessor; pass its value');
    readable = readable.filter((other) => other !== name);
  }
  return readable;
}

function refuseHidden(record: object, trail: Trail<unknown>): void {
  for (const name of Object.getOwnPropertyNames(record)) {
    if (!Object.prototype.propertyIsEnumerable.call(record, name)) trail.refuse(name, 'is not enumerable');
  }
}

/**
 * Whether the items of an array can be read without running code and all are there; if not, that is noted. Properties an
 * array has beside its items do not travel, as in JSON.
 */
export function hasPlainItems(items: readonly unknown[], trail: Trail<unknown>): boolean {
  for (let index = 0; index < items.length; index++) {
    if (isGetter(items, index)) {
      trail.refuse(index, 'is an accessor; pass its value');
      return false;
    }
    if (items[index] === undefined && !Object.hasOwn(items, index)) {
      trail.refuse(index, 'is a hole; write undefined or null');
      return false;
    }
  }
  return true;
}

/** Sets a field of an object under construction; `__proto__` is a field like any other. */
export function putField(target: object, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else (target as Record<string, unknown>)[name] = value;
}
