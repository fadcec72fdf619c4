import { StageflowError } from '../errors/index.js';
import { type Contract, type ContractSource, type DtoClass, UnknownKeys } from './contract.js';
import { classContractOf, readLabel } from './contract-label.js';
import type { ContractInput, ContractValue } from './contract-types.js';
import { DtoContract } from './dto-contract.js';
import { SchemaContract } from './schema-contract.js';
import type { SchemaConverter } from './schema-json-schema.js';
import { isStandardSchema, type StandardSchema } from './standard-schema.js';
import { typeName } from './type-name.js';

export interface SchemaContractOptions {
  /** Default: what the library of the schema brings itself; zod does, valibot does not. */
  readonly jsonSchema?: SchemaConverter;
}

const contracts = new WeakMap<object, Contract>();

/**
 * The contract of a DTO class or schema: the same one each time. A contract is given back as it is. Loads nothing.
 * @throws StageflowError with CONTRACT_INVALID for anything else.
 */
export function contractOf<S extends ContractSource>(source: S): Contract<ContractValue<S>, ContractInput<S>> {
  return read(source) as Contract<ContractValue<S>, ContractInput<S>>;
}

/**
 * Gives a schema a name and a version, as `@Contract` does for a DTO class: `contract('summary/v2', z.object({ … }))`.
 * @throws StageflowError with CONTRACT_INVALID.
 */
export function contract<S extends StandardSchema>(
  label: string,
  schema: S,
  options: SchemaContractOptions = {},
): Contract<ContractValue<S>, ContractInput<S>> {
  const named = readLabel(label);
  if (!isStandardSchema(schema))
    throw notASource(schema, 'a schema of zod, valibot or another Standard Schema library');
  return new SchemaContract<ContractValue<S>, ContractInput<S>>(schema as never, named, options.jsonSchema);
}

function read(source: unknown): Contract {
  if (isContract(source)) return source;
  if (!isStandardSchema(source) && !isClass(source)) {
    throw notASource(source, 'a DTO class, a Standard Schema such as one of zod or valibot, or a contract');
  }
  const known = contracts.get(source) ?? make(source);
  contracts.set(source, known);
  return known;
}

function make(source: StandardSchema | DtoClass): Contract {
  if (isStandardSchema(source)) {
    return new SchemaContract(source, { name: `${source['~standard'].vendor} schema`, version: null });
  }
  const { label, unknownKeys } = classContractOf(source) ?? {};
  const unnamed = { name: source.name || '(anonymous class)', version: null };
  return new DtoContract(source, label ?? unnamed, unknownKeys ?? UnknownKeys.Strip);
}

function isClass(value: unknown): value is DtoClass {
  return typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null;
}

/** Whether something is a contract rather than what one is made of. */
export function isContract(value: unknown): value is Contract {
  if (typeof value !== 'object' || value === null || isStandardSchema(value)) return false;
  const { check, toJsonSchema, prepare } = value as Partial<Contract>;
  return [check, toJsonSchema, prepare].every((method) => typeof method === 'function');
}

function notASource(source: unknown, expected: string): StageflowError {
  const undeclared = source === undefined ? ' If it is imported, the files may import each other in a circle.' : '';
  return new StageflowError({
    code: 'CONTRACT_INVALID',
    message: `A contract cannot be made of a value of type ${typeName(source)}.`,
    fix: `Give ${expected}.${undeclared}`,
    details: { type: typeName(source) },
  });
}
