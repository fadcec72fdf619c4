/** A JSON Schema, draft 2020-12, as data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export interface JsonSchemaOptions {
  /**
   * Adds `x-rules` and `x-instanceOf` where a contract asks for more than JSON Schema can say. For comparing; models and
   * other programs need not see it. Default false.
   */
  readonly marked?: boolean;
}

/** Names rules that JSON Schema cannot say. Of those that start with `?` nobody knows which they are. */
export const RULES = 'x-rules';
/** The value is an object of that class: a Date, where JSON has a string. */
export const INSTANCE_OF = 'x-instanceOf';

export function isJsonObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two pieces of JSON say the same; the order of keys does not matter. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameJson(a[key], b[key]));
}
