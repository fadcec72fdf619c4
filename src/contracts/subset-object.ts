import type { Context } from './compare-context.js';
import { pathTo } from './issue-path.js';
import { isJsonObject } from './json-schema.js';
import { literalFits } from './literal-fits.js';
import { problem, type ReadProblem, unknown } from './readability.js';
import type { Branch } from './schema-reader.js';

/** An object schema by its parts. */
export interface ObjectParts {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: ReadonlySet<string>;
  /** What keys that are not listed may hold: `false` for a closed object, undefined where the schema does not say. */
  readonly rest: unknown;
}

export function objectParts({ schema }: Pick<Branch, 'schema'>): ObjectParts {
  const { properties, required, additionalProperties: rest } = schema;
  const names = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
  return { properties: isJsonObject(properties) ? properties : {}, required: new Set(names), rest };
}

/** What the keys of an object say. */
export function subsetOfObject(left: Branch, right: Branch, path: string, context: Context): ReadProblem[] {
  if (left.type !== 'object' || right.type !== 'object') return [];
  const [own, wanted] = [objectParts(left), objectParts(right)];
  return [
    ...missing(own, wanted, path),
    ...Object.entries(wanted.properties).flatMap(([name, schema]) => property(own, name, schema, path, context)),
    ...surplus(own, wanted, path, context),
    ...keyNames(left, right, path),
  ];
}

function missing(own: ObjectParts, wanted: ObjectParts, path: string): ReadProblem[] {
  return [...wanted.required]
    .filter((name) => !own.required.has(name))
    .map((name) => {
      const isNever = !Object.hasOwn(own.properties, name) && own.rest === false;
      return problem(pathTo(path, name), isNever ? 'is never there' : 'may be missing');
    });
}

function property(own: ObjectParts, name: string, schema: unknown, path: string, context: Context): ReadProblem[] {
  const at = pathTo(path, name);
  if (Object.hasOwn(own.properties, name)) return context.compare(own.properties[name], schema, at);
  if (own.rest === false) return [];
  if (own.rest !== undefined) return context.compare(own.rest, schema, at);
  const isFree = context.right.branches(schema).some(({ type, opaque }) => type === 'any' && opaque.length === 0);
  return isFree ? [] : [unknown(at, 'may be there and be anything, as far as the contract says')];
}

/** Keys that the right side does not list. */
function surplus(own: ObjectParts, wanted: ObjectParts, path: string, { compare, left }: Context): ReadProblem[] {
  if (wanted.rest === undefined || wanted.rest === true) return [];
  const listed = Object.entries(own.properties)
    .filter(([name, schema]) => !Object.hasOwn(wanted.properties, name) && left.branches(schema).length > 0)
    .flatMap(([name, schema]) => {
      const at = pathTo(path, name);
      return wanted.rest === false ? [problem(at, 'is a key that is refused')] : compare(schema, wanted.rest, at);
    });
  if (own.rest === false) return listed;
  if (wanted.rest !== false) return [...listed, ...compare(own.rest, wanted.rest, `${path}[*]`)];
  const message = 'may have further keys, which are refused';
  return [...listed, own.rest === undefined ? unknown(path, message) : problem(path, message)];
}

/** `propertyNames: { type: 'string' }`, which zod gives to every record, says nothing. */
function keyNames(left: Branch, right: Branch, path: string): ReadProblem[] {
  const [own, wanted] = [left.schema.propertyNames, right.schema.propertyNames];
  const isIdle = !isJsonObject(wanted) || Object.keys(wanted).every((key) => key === 'type');
  if (isIdle || JSON.stringify(own) === JSON.stringify(wanted)) return [];
  return [unknown(path, 'has names of keys that cannot be compared')];
}

/** Whether no value can be of both, because a key that both require has other literals: the variants of a tagged union. */
export function isDisjoint(left: Branch, right: Branch, context: Context): boolean {
  if (left.type !== 'object' || right.type !== 'object') return false;
  const [own, wanted] = [objectParts(left), objectParts(right)];
  return [...wanted.required].some((name) => {
    if (!own.required.has(name) || !Object.hasOwn(own.properties, name)) return false;
    const literals = context.left.branches(own.properties[name]).map(({ values }) => values);
    const rights = context.right.branches(wanted.properties[name]);
    return literals.every((values) =>
      values?.every((value) => rights.every((one) => literalFits(value, one) === false)),
    );
  });
}
