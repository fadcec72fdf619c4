import { StageflowError } from '../errors/index.js';
import type { ContractSide } from './contract.js';
import { isJsonObject, type JsonSchema } from './json-schema.js';
import type { StandardSchema } from './standard-schema.js';
import { zodJsonOptions } from './zod-json-options.js';

/** Turns a schema into JSON Schema where its library does not do so itself: `(schema) => toJsonSchema(schema)`. */
// Converters are written for the schemas of one library, whose types stageflow does not know.
export type SchemaConverter = (schema: any, side: ContractSide) => object;

type Convert = (options: Readonly<Record<string, unknown>>) => unknown;

interface ConversionInit {
  /** For messages: `Contract summary`. */
  readonly user: string;
  readonly side: ContractSide;
  readonly marked: boolean;
  readonly converter: SchemaConverter | undefined;
}

const TARGET = 'draft-2020-12';

/** @throws StageflowError with CONTRACT_NO_JSON_SCHEMA. */
export function schemaToJsonSchema(schema: StandardSchema, init: ConversionInit): JsonSchema {
  const convert = converterOf(schema, init);
  if (convert === undefined) throw withoutConverter(init.user, schema['~standard'].vendor);
  try {
    const converted = convert();
    if (isJsonObject(converted)) return converted;
  } catch (cause) {
    throw conversionFailed(init.user, 'threw', cause);
  }
  throw conversionFailed(init.user, 'gave no object', undefined);
}

function converterOf(schema: StandardSchema, { side, marked, converter }: ConversionInit): (() => unknown) | undefined {
  if (converter !== undefined) return () => converter(schema, side);
  const { vendor, jsonSchema } = schema['~standard'] as StandardSchema['~standard'] & {
    jsonSchema?: Partial<Record<ContractSide, Convert>>;
  };
  const zodOptions = vendor === 'zod' ? zodJsonOptions(side, marked) : undefined;
  const standard = jsonSchema?.[side];
  if (standard !== undefined) {
    return () => standard({ target: TARGET, ...(zodOptions && { libraryOptions: zodOptions }) });
  }
  const { toJSONSchema } = schema as StandardSchema & { toJSONSchema?: Convert };
  return toJSONSchema && (() => toJSONSchema.call(schema, { target: TARGET, io: side, ...zodOptions }));
}

function withoutConverter(user: string, vendor: string): StageflowError {
  return new StageflowError({
    code: 'CONTRACT_NO_JSON_SCHEMA',
    message: `${user} has no JSON Schema: ${vendor} does not convert its schemas by itself.`,
    fix: 'Give a converter: contract("name/v1", schema, { jsonSchema: (schema) => … }); for valibot, toJsonSchema of @valibot/to-json-schema.',
    details: { vendor },
  });
}

function conversionFailed(user: string, what: string, cause: unknown): StageflowError {
  return new StageflowError({
    code: 'CONTRACT_NO_JSON_SCHEMA',
    message: `${user} has no JSON Schema: its conversion ${what}.`,
    fix: 'Describe the part that cannot be converted in another way, or give a converter: { jsonSchema: (schema) => … }.',
    details: {},
    ...(cause === undefined ? {} : { cause }),
  });
}
