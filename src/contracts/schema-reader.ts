import { INSTANCE_OF, isJsonObject, type JsonSchema } from './json-schema.js';
import { mergeSchemas } from './merge-schemas.js';

/** One alternative of a schema: values of one type. */
export interface Branch {
  /** A type of JSON Schema, `Date`, or `any` for a schema that says nothing of the type. */
  readonly type: string;
  /** The only values there are, of `enum` and `const`. */
  readonly values: readonly unknown[] | undefined;
  readonly schema: JsonSchema;
  /** Keywords that narrow it in ways that are not understood here. */
  readonly opaque: readonly string[];
}

const ANNOTATIONS: ReadonlySet<string> = new Set(
  `$schema $id $anchor $comment $defs definitions title description default examples deprecated readOnly writeOnly
   contentMediaType contentEncoding`.split(/\s+/),
);
const UNDERSTOOD: ReadonlySet<string> = new Set(
  `type enum const nullable minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format
   items prefixItems minItems maxItems uniqueItems properties required additionalProperties propertyNames minProperties
   maxProperties ${INSTANCE_OF}`.split(/\s+/),
);
const TYPE_OF_KEYWORD: Readonly<Record<string, string>> = {
  properties: 'object',
  required: 'object',
  additionalProperties: 'object',
  items: 'array',
  prefixItems: 'array',
  minLength: 'string',
  maxLength: 'string',
  pattern: 'string',
  minimum: 'number',
  maximum: 'number',
};

/** Stands for what a reference to nowhere would say: a keyword that nobody understands. */
const UNRESOLVED = '$ref (not found)';

/** Reads the schemas of one document as alternatives of one type each, with references followed. */
export class SchemaReader {
  readonly #root: JsonSchema;
  readonly #known = new WeakMap<object, readonly Branch[]>();

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  /** The alternatives of a schema of this document; none for `false`, which allows nothing. */
  branches(node: unknown): readonly Branch[] {
    if (node === false) return [];
    if (!isJsonObject(node)) return [any({}, [])];
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    this.#known.set(node, [any(node, ['$ref'])]); // what a schema that refers to nothing but itself says
    const branches = this.#read(node);
    this.#known.set(node, branches);
    return branches;
  }

  #read(node: JsonSchema): readonly Branch[] {
    const { $ref, allOf, anyOf, oneOf, ...own } = node;
    const parts = [
      ...(typeof $ref === 'string' ? [this.#resolve($ref)] : []),
      ...(Array.isArray(allOf) ? allOf : []),
    ].map((part) => this.#expand(part));
    // Alternatives of oneOf are taken as anyOf: that they exclude each other is what people mean by it.
    const choices = [anyOf, oneOf].filter(Array.isArray) as unknown[][];
    const hasOwn = Object.keys(own).some((key) => !ANNOTATIONS.has(key));
    const base = [...parts, ...(hasOwn || parts.length === 0 ? [own] : [])];
    if (choices.length === 0) return base.length === 1 && base[0] !== own ? this.branches(base[0]) : this.#merged(base);
    if (choices.length > 1) return [any(node, ['anyOf', 'oneOf'])];
    const isAlone = parts.length === 0 && !hasOwn;
    return choices[0]!.flatMap((choice) =>
      isAlone ? this.branches(choice) : this.#merged([...base, this.#expand(choice)]),
    );
  }

  #merged(parts: readonly unknown[]): readonly Branch[] {
    if (parts.includes(false)) return [];
    const merged = parts.length === 1 ? parts[0] : mergeSchemas(parts.filter(isJsonObject));
    if (!isJsonObject(merged)) return [any({}, ['allOf'])];
    return ['$ref', 'allOf', 'anyOf', 'oneOf'].some((key) => key in merged)
      ? [any(merged, ['allOf'])]
      : plainBranches(merged);
  }

  /** Follows references until there is something else. */
  #expand(node: unknown): unknown {
    let current = node;
    for (let hops = 0; hops < 100; hops++) {
      if (!isJsonObject(current) || typeof current.$ref !== 'string') return current;
      if (Object.keys(current).some((key) => key !== '$ref' && !ANNOTATIONS.has(key))) return current;
      current = this.#resolve(current.$ref);
    }
    return { [UNRESOLVED]: true };
  }

  #resolve(ref: string): unknown {
    if (!ref.startsWith('#')) return { [UNRESOLVED]: ref };
    const steps = decodeURIComponent(ref.slice(1)).split('/').slice(1);
    let found: unknown = this.#root;
    for (const step of steps) {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      found = typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[key] : undefined;
    }
    return found === undefined ? { [UNRESOLVED]: ref } : found;
  }
}

function any(schema: JsonSchema, opaque: readonly string[]): Branch {
  return { type: 'any', values: undefined, schema, opaque };
}

function plainBranches(schema: JsonSchema): Branch[] {
  const opaque = Object.keys(schema).filter((key) => !UNDERSTOOD.has(key) && !ANNOTATIONS.has(key));
  const values = 'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : undefined;
  const declared = typesOf(schema);
  const nullable =
    schema.nullable === true && !declared.includes('null') ? [branch('null', undefined, schema, [])] : [];
  if (values === undefined) {
    return [...declared.map((type) => branch(type, undefined, schema, opaque)), ...nullable];
  }
  const types = [...new Set(values.map(jsonType))].filter((type) => declared.includes('any') || fits(type, declared));
  const listed = types.map((type) =>
    branch(
      type,
      values.filter((value) => jsonType(value) === type),
      schema,
      opaque,
    ),
  );
  return [...listed, ...nullable];
}

function branch(type: string, values: readonly unknown[] | undefined, schema: JsonSchema, opaque: string[]): Branch {
  // `not: { type: 'null' }` says nothing about a type that is not null.
  const not = schema.not;
  const isIdle =
    type !== 'any' && type !== 'null' && isJsonObject(not) && not.type === 'null' && Object.keys(not).length === 1;
  return { type, values, schema, opaque: isIdle ? opaque.filter((key) => key !== 'not') : opaque };
}

function typesOf(schema: JsonSchema): string[] {
  if (typeof schema[INSTANCE_OF] === 'string') return [schema[INSTANCE_OF]];
  if (typeof schema.type === 'string') return [schema.type];
  if (Array.isArray(schema.type)) return schema.type.filter((type) => typeof type === 'string');
  const implied = Object.keys(TYPE_OF_KEYWORD).find((keyword) => keyword in schema);
  return [implied === undefined ? 'any' : TYPE_OF_KEYWORD[implied]!];
}

function fits(type: string, declared: readonly string[]): boolean {
  return declared.includes(type) || (type === 'number' && declared.includes('integer'));
}

/** The type of a literal. Whole numbers are numbers here: which literals they are says the rest. */
export function jsonType(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
