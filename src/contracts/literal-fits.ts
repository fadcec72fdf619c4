import { type JsonSchema, sameJson } from './json-schema.js';
import { type Branch, jsonType } from './schema-reader.js';

/** Whether a literal is a value of `branch`; undefined where that cannot be told. */
export function literalFits(value: unknown, branch: Branch): boolean | undefined {
  const { type, values, schema, opaque } = branch;
  if (type !== 'any' && !isOfType(value, type)) return false;
  if (values !== undefined && !values.some((known) => sameJson(known, value))) return false;
  if (typeof value === 'number' && !numberFits(value, schema)) return false;
  if (typeof value === 'string') {
    const fits = stringFits(value, schema);
    if (fits !== true) return fits;
  }
  const isWhole = (typeof value !== 'object' || value === null || values !== undefined) && opaque.length === 0;
  return isWhole ? true : undefined;
}

function isOfType(value: unknown, type: string): boolean {
  return type === 'integer' ? Number.isInteger(value) : jsonType(value) === type;
}

function numberFits(value: number, schema: JsonSchema): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  return (
    !(typeof minimum === 'number' && value < minimum) &&
    !(typeof maximum === 'number' && value > maximum) &&
    !(typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) &&
    !(typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) &&
    !(typeof multipleOf === 'number' && value % multipleOf !== 0)
  );
}

function stringFits(value: string, { minLength, maxLength, pattern, format }: JsonSchema): boolean | undefined {
  const length = [...value].length;
  if (typeof minLength === 'number' && length < minLength) return false;
  if (typeof maxLength === 'number' && length > maxLength) return false;
  // Patterns are not run: they come from elsewhere and may take for ever.
  return pattern === undefined && format === undefined ? true : undefined;
}
