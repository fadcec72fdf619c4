import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type { JsonSchemaType, JsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import type { Contract, ContractIssue, ContractResult, JsonSchema } from '../../contracts/index.js';

/** What a JSON Schema of a server says, as a contract. Values are handed on as they are: nothing is filled in. */
export class JsonSchemaContract implements Contract {
  readonly name: string;
  readonly version = null;
  readonly model: object;
  readonly unknownKeys = null;
  readonly #schema: JsonSchema;
  readonly #validate: JsonSchemaValidator<unknown>;

  /** @throws what the validator throws for a schema that it cannot use */
  constructor(name: string, schema: JsonSchema) {
    this.name = name;
    this.#schema = schema;
    this.model = schema;
    // Names of schemas are left out, and each has a validator of its own: no server can have one taken for another.
    const { $id: _id, $schema: _draft, ...rules } = schema;
    this.#validate = new AjvJsonSchemaValidator().getValidator(rules as JsonSchemaType);
  }

  check(value: unknown): ContractResult<unknown> {
    const result = this.#validate(value);
    return result.valid ? { ok: true, value } : { ok: false, issues: issuesIn(result.errorMessage, value) };
  }

  prepare(): void {}

  toJsonSchema(): JsonSchema {
    return this.#schema;
  }
}

/** `data/a/0 must be number, data must have …`: what the validator says, one by one. It repeats the schema, never the value. */
function issuesIn(text: string, value: unknown): readonly ContractIssue[] {
  return text.split(/, (?=data[/ ])/).map((part) => {
    const [, pointer = '', message = part] = /^data(\/\S*)? (.*)$/s.exec(part) ?? [];
    const keys = pointer
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    return { path: keys.join('.'), constraint: 'schema', message, received: typeAt(value, keys) };
  });
}

function typeAt(value: unknown, keys: readonly string[]): string {
  const found = keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], value);
  if (found === null) return 'null';
  return Array.isArray(found) ? 'array' : typeof found;
}
