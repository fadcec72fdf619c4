import { type ContractSide, type DtoClass, UnknownKeys } from './contract.js';
import { dtoConverters } from './dto-json-converters.js';
import { type PropertyRules, rulesOf } from './dto-rules.js';
import { isJsonObject, type JsonSchema, RULES } from './json-schema.js';
import type { DtoPeers, JsonSchemaPeer } from './peers.js';

interface DtoSchemaInit {
  readonly peers: DtoPeers;
  readonly peer: JsonSchemaPeer;
  readonly side: ContractSide;
  readonly marked: boolean;
  readonly unknownKeys: UnknownKeys;
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The schema of a DTO class with its nested classes in `$defs`. class-validator-jsonschema converts one class at a time
 * and names classes by their name; here each class has its own place, so two classes of one name stay two.
 */
export function dtoJsonSchema(model: DtoClass, init: DtoSchemaInit): JsonSchema {
  const names = new Map<Function, string>();
  const refTo = (target: Function): string => {
    if (target === model) return '#';
    const name = names.get(target) ?? freeName(target.name || 'Anonymous', [...names.values()]);
    names.set(target, name);
    return `#/$defs/${name}`;
  };
  const own = classSchema(model, init, refTo);
  const definitions: Record<string, JsonSchema> = {};
  // Converting a class may name further ones; a Map is walked to what is added meanwhile.
  for (const [target, name] of names) definitions[name] = classSchema(target, init, refTo);
  return { $schema: DIALECT, ...own, ...(names.size === 0 ? {} : { $defs: definitions }) };
}

function classSchema(target: Function, init: DtoSchemaInit, refTo: (target: Function) => string): JsonSchema {
  const { peers, peer, side, marked, unknownKeys } = init;
  const rules = rulesOf(target, peers.rules);
  const refToDto = (nested: Function) => (rulesOf(nested, peers.rules) === undefined ? undefined : refTo(nested));
  const schema = peer.targetConstructorToSchema(target, {
    classValidatorMetadataStorage: peers.rules,
    classTransformerMetadataStorage: peers.types,
    additionalConverters: dtoConverters(peers.types, refToDto, marked),
  });
  const conditional = new Set(marked ? rules?.properties.filter(hasCondition).map(({ name }) => name) : []);
  const properties = Object.entries(isJsonObject(schema.properties) ? schema.properties : {}).map(
    ([name, property]) => [name, conditional.has(name) ? { [RULES]: ['?condition'] } : typed(property)],
  );
  const isClosed = unknownKeys === UnknownKeys.Refuse || (unknownKeys === UnknownKeys.Strip && side === 'output');
  return {
    ...schema,
    properties: Object.fromEntries(properties),
    ...(isClosed ? { additionalProperties: false } : {}),
  };
}

/** Rules that hold only sometimes say nothing for certain. */
function hasCondition({ conditions, isOptional, rules }: PropertyRules): boolean {
  return conditions.length > (isOptional ? 1 : 0) || rules.some(({ metadata }) => metadata.validateIf !== undefined);
}

/** Bounds come without a type, so that `@IsInt() @Min(1)` does not end as a number; alone they mean one. */
function typed(schema: unknown): unknown {
  if (!isJsonObject(schema)) return schema;
  const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
  const isNumber = schema.type === undefined && bounds.some((bound) => bound in schema);
  return {
    ...schema,
    ...(isNumber ? { type: 'number' } : {}),
    ...('items' in schema ? { items: typed(schema.items) } : {}),
  };
}

function freeName(name: string, taken: readonly string[]): string {
  let free = name;
  for (let n = 2; taken.includes(free); n++) free = `${name}${n}`;
  return free;
}
