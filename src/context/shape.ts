import type { PayloadProblem } from '../payload/index.js';

/**
 * Says what is wrong with a value, to be read after its path, or null. A check of something with parts notes what is wrong
 * inside it in `problems`, under `path`.
 */
export type Check = (value: unknown, path: string, problems: PayloadProblem[]) => string | null;

export const text: Check = (value) => (typeof value === 'string' ? null : `must be text, not ${typeName(value)}`);

export const count: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? null : 'must be a whole number, 0 or more';

export function oneOf(values: readonly string[]): Check {
  const sentence = `must be one of ${values.join(', ')}`;
  return (value) => (values.includes(value as string) ? null : sentence);
}

/** Absent, undefined and null are all fine. */
export function optional(check: Check): Check {
  return (value, path, problems) => (value === undefined || value === null ? null : check(value, path, problems));
}

export function list(check: Check): Check {
  return (value, path, problems) => {
    if (!Array.isArray(value)) return `must be a list, not ${typeName(value)}`;
    for (const [index, item] of value.entries()) note(check, item, `${path}[${index}]`, problems);
    return null;
  };
}

/** A plain object with these fields. Others may stand beside them. */
export function fields(checks: Readonly<Record<string, Check>>): Check {
  const entries = Object.entries(checks);
  return (value, path, problems) => {
    if (!isRecord(value)) return `must be an object, not ${typeName(value)}`;
    for (const [name, check] of entries) note(check, ownField(value, name), `${path}.${name}`, problems);
    return null;
  };
}

export function note(check: Check, value: unknown, path: string, problems: PayloadProblem[]): void {
  const problem = check(value, path, problems);
  if (problem !== null) problems.push({ path, problem });
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Map || value instanceof Set || value instanceof Date || ArrayBuffer.isView(value));
}

/** What stands in the object itself: nothing is taken from a prototype, and no getter runs. */
export function ownField(record: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(record, name)?.value;
}

function typeName(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
