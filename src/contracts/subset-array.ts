import type { Context } from './compare-context.js';
import { type ReadProblem, unknown } from './readability.js';
import type { Branch } from './schema-reader.js';

/** What the items of a list say. */
export function subsetOfArray(left: Branch, right: Branch, path: string, { compare }: Context): ReadProblem[] {
  if (left.type !== 'array' || right.type !== 'array') return [];
  const [own, wanted] = [tupleOf(left), tupleOf(right)];
  if (own.length !== wanted.length)
    return [unknown(path, 'is a list with other fixed items, which cannot be compared')];
  return [
    ...wanted.flatMap((item, index) => compare(own[index], item, `${path}[${index}]`)),
    ...compare(left.schema.items, right.schema.items, `${path}[]`),
  ];
}

function tupleOf({ schema }: Branch): readonly unknown[] {
  return Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
}
