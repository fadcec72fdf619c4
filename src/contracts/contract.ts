import type { JsonSchema, JsonSchemaOptions } from './json-schema.js';
import type { StandardSchema } from './standard-schema.js';

/** What happens to a key that a DTO does not name. A schema decides for itself. */
export const UnknownKeys = {
  /** Left out of what is handed on, but for instances, which stay as they are. The default, as in zod and valibot. */
  Strip: 'strip',
  /** An issue. */
  Refuse: 'refuse',
  /** Handed on, unchecked. */
  Keep: 'keep',
} as const;
export type UnknownKeys = (typeof UnknownKeys)[keyof typeof UnknownKeys];

/** One thing a value does wrong. Holds what the contract says, the keys and the type of the value, never the value. */
export interface ContractIssue {
  /** `author.tags[2]`; empty for the value itself. */
  readonly path: string;
  /** The rule by the name its library gives it: `isString`, `invalid_type`, `min_length`. */
  readonly constraint: string;
  /** Continues the path: `must be a string`. */
  readonly message: string;
  /** The type of what was found there: `number`, `null`, `Date`. */
  readonly received: string;
}

export type ContractResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly ContractIssue[] };

/** Which side of a contract is meant: what may be given to it, or what it hands on. They differ in defaults and transforms. */
export type ContractSide = 'input' | 'output';

/**
 * What a stage, a tool or a consumer agreed on, whichever library says it. Make one with `contractOf` or `contract`.
 * `T` is what it hands on, `I` what may be given to it.
 */
export interface Contract<T = unknown, I = unknown> {
  readonly name: string;
  /** Null unless `@Contract` or `contract` gave one. */
  readonly version: number | null;
  /** The DTO class or the schema behind it. */
  readonly model: object;
  /** Null where the schema decides. */
  readonly unknownKeys: UnknownKeys | null;
  /**
   * Whether `value` keeps the contract, and what to hand on if it does. The value is not changed. A promise only if the
   * rules need one; it does not reject.
   * @throws StageflowError as `prepare` does.
   */
  check(value: unknown): ContractResult<T> | Promise<ContractResult<T>>;
  /**
   * Does now what the first check would do: loads the libraries and finds the rules. Call it to hear of mistakes early.
   * @throws StageflowError with CONTRACT_PEER_MISSING or CONTRACT_UNCHECKABLE.
   */
  prepare(): void;
  /**
   * The contract as JSON Schema, draft 2020-12.
   * @param side Default `output`.
   * @throws StageflowError with CONTRACT_PEER_MISSING, CONTRACT_UNCHECKABLE or CONTRACT_NO_JSON_SCHEMA.
   */
  toJsonSchema(side?: ContractSide, options?: JsonSchemaOptions): JsonSchema;
  /** Carries the types; never there at run time. */
  readonly '~types'?: { readonly input: I; readonly output: T };
}

/** A class whose fields carry class-validator rules. Its constructor is called without arguments. */
// The parameters are not known here, and `unknown` would refuse every class that has some.
export type DtoClass<T extends object = object> = new (...args: any[]) => T;

/** What a contract can be made of: a DTO class, any Standard Schema v1, or a contract. */
// The input of a schema differs from schema to schema and is read with ContractInput.
export type ContractSource<T = unknown> = DtoClass<T & object> | StandardSchema<any, T> | Contract<T, any>;
