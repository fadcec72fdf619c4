import { READ_ONLY_DATE, READ_ONLY_MAP, READ_ONLY_SET } from './read-only.js';

/** The objects that hold data and nothing else. Everything else that is an object has behaviour or outside resources. */
export const PayloadKind = {
  Record: 'record',
  Array: 'array',
  Map: 'map',
  Set: 'set',
  Date: 'date',
  Bytes: 'bytes',
  Other: 'other',
} as const;
export type PayloadKind = (typeof PayloadKind)[keyof typeof PayloadKind];

/** Runs no code of `value`, unless it is a proxy: then this can throw. */
export function kindOf(value: object): PayloadKind {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return PayloadKind.Record;
  // Array.prototype of any realm is an array itself; the prototype of a class that extends Array is not.
  if (Array.isArray(value)) return Array.isArray(prototype) ? PayloadKind.Array : PayloadKind.Other;
  if (prototype === Map.prototype || prototype === READ_ONLY_MAP) return PayloadKind.Map;
  if (prototype === Set.prototype || prototype === READ_ONLY_SET) return PayloadKind.Set;
  if (prototype === Date.prototype || prototype === READ_ONLY_DATE) return PayloadKind.Date;
  if (value instanceof Uint8Array) return PayloadKind.Bytes;
  return isForeignRecord(prototype) ? PayloadKind.Record : PayloadKind.Other;
}

/** A plain object that another realm made, such as a test runner's sandbox. */
function isForeignRecord(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

/** What `value` is, to be read after its path: `is a function`. Reads no field of it. */
export function describe(value: unknown): string {
  if (typeof value === 'function') return 'is a function';
  if (typeof value === 'symbol') return 'is a symbol';
  if (value instanceof Promise) return 'is a promise; await it first';
  if (value instanceof Error) return 'is an error; pass its code and message';
  if (value instanceof URL) return 'is a URL; pass its href';
  if (value instanceof ArrayBuffer) return 'is an ArrayBuffer; pass a Uint8Array';
  if (ArrayBuffer.isView(value)) return `is a ${classNameOf(value) ?? 'typed array'}; pass a Uint8Array or numbers`;
  const name = classNameOf(value);
  return name === null ? 'has a prototype of its own' : `is an instance of ${name}`;
}

function classNameOf(value: unknown): string | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  for (
    let at = prototype;
    typeof at === 'object' && at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    const made: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof made !== 'function') continue;
    const name: unknown = Object.getOwnPropertyDescriptor(made, 'name')?.value;
    return typeof name === 'string' && name !== '' ? name : 'an anonymous class';
  }
  return null;
}
