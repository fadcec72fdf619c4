import { isJsonObject, type JsonSchema, sameJson } from './json-schema.js';

/**
 * One schema that says what all of `parts` say together. Undefined where that cannot be written down simply: then nobody
 * should pretend to know.
 */
export function mergeSchemas(parts: readonly JsonSchema[]): JsonSchema | undefined {
  let merged: Record<string, unknown> = {};
  for (const part of parts) {
    const next = mergeTwo(merged, part);
    if (next === undefined) return undefined;
    merged = next;
  }
  return merged;
}

function mergeTwo(a: JsonSchema, b: JsonSchema): Record<string, unknown> | undefined {
  const merged: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    if (!(key in a) || sameJson(a[key], value)) merged[key] = value;
    else if (key === 'required') merged[key] = [...new Set([...asList(a[key]), ...asList(value)])];
    else if (key === 'properties' && isJsonObject(a[key]) && isJsonObject(value)) {
      const properties = mergeProperties(a[key], value);
      if (properties === undefined) return undefined;
      merged[key] = properties;
    } else if (!['title', 'description', 'default', 'examples', '$id', '$schema'].includes(key)) return undefined;
  }
  // A closed part refuses the keys of the others: what is left is not the sum of them.
  const closesOthers =
    'properties' in a && 'properties' in b && ('additionalProperties' in a || 'additionalProperties' in b);
  return closesOthers && !sameJson(Object.keys(Object(a.properties)).sort(), Object.keys(Object(b.properties)).sort())
    ? undefined
    : merged;
}

function mergeProperties(a: JsonSchema, b: JsonSchema): JsonSchema | undefined {
  const merged: Record<string, unknown> = { ...a };
  for (const [name, schema] of Object.entries(b)) {
    if (name in a && !sameJson(a[name], schema)) return undefined;
    merged[name] = schema;
  }
  return merged;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
