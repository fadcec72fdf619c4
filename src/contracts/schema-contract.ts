import type { Contract, ContractResult, ContractSide } from './contract.js';
import type { ContractLabel } from './contract-label.js';
import type { JsonSchema, JsonSchemaOptions } from './json-schema.js';
import { issueAt, translateIssues } from './schema-issues.js';
import { type SchemaConverter, schemaToJsonSchema } from './schema-json-schema.js';
import type { StandardResult, StandardSchema } from './standard-schema.js';
import { thrownName } from './type-name.js';

/** The contract of a Standard Schema. */
export class SchemaContract<T, I> implements Contract<T, I> {
  readonly name: string;
  readonly version: number | null;
  readonly model: StandardSchema<I, T>;
  readonly unknownKeys = null;
  readonly #converter: SchemaConverter | undefined;

  constructor(model: StandardSchema<I, T>, { name, version }: ContractLabel, converter?: SchemaConverter) {
    this.name = name;
    this.version = version;
    this.model = model;
    this.#converter = converter;
  }

  check(value: unknown): ContractResult<T> | Promise<ContractResult<T>> {
    try {
      const result = this.model['~standard'].validate(value);
      if (!('then' in result)) return this.#read(result, value);
      return Promise.resolve(result)
        .then((settled) => this.#read(settled, value))
        .catch((thrown: unknown) => threw(thrown, value));
    } catch (thrown) {
      return threw(thrown, value);
    }
  }

  prepare(): void {}

  toJsonSchema(side: ContractSide = 'output', { marked = false }: JsonSchemaOptions = {}): JsonSchema {
    return schemaToJsonSchema(this.model, { user: `Contract ${this.name}`, side, marked, converter: this.#converter });
  }

  #read(result: StandardResult<T>, value: unknown): ContractResult<T> {
    if (result.issues === undefined) return { ok: true, value: result.value };
    return { ok: false, issues: Object.freeze(translateIssues(this.model['~standard'].vendor, result.issues, value)) };
  }
}

/** A refinement or transform that throws has refused the value; what it threw may hold the value. */
function threw(thrown: unknown, value: unknown): ContractResult<never> {
  const message = `could not be checked: the schema threw ${thrownName(thrown)}`;
  return { ok: false, issues: Object.freeze([issueAt('', 'schema', message, value)]) };
}
