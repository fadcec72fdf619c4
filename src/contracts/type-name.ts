/** The type of a value for messages: `string`, `null`, `array`, `Date`. Says nothing of the value and runs none of its code. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (Number.isNaN(value)) return 'NaN';
  if (typeof value !== 'object') return typeof value;
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'Invalid Date';
  return classOf(value)?.name || 'object';
}

/** The class of an object by its prototype: a key named `constructor` does not count. Undefined for plain objects. */
export function classOf(value: object): Function | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype) return undefined;
  const found: unknown = prototype.constructor;
  return typeof found === 'function' ? found : undefined;
}

export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The name of what was thrown: its message may hold the value. */
export function thrownName(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeName(thrown);
  return /^\w{1,60}$/.test(thrown.name) ? thrown.name : 'Error';
}
