import type { Contract, DtoClass } from './contract.js';
import type { StandardSchema } from './standard-schema.js';

/** What a contract hands on: an instance of the DTO, or the output of the schema. */
export type ContractValue<S> = S extends StandardSchema
  ? NonNullable<S['~standard']['types']>['output']
  : S extends Contract<infer T, any>
    ? T
    : S extends DtoClass<infer T>
      ? T
      : never;

/** What may be given to a contract: a plain object of the DTO's shape, which an instance has too, or the schema's input. */
export type ContractInput<S> = S extends StandardSchema
  ? NonNullable<S['~standard']['types']>['input']
  : S extends Contract<any, infer I>
    ? I
    : S extends DtoClass<infer T>
      ? PlainShape<T>
      : never;

type Whole = string | number | boolean | bigint | symbol | null | undefined | Date | ArrayBufferView | ArrayBuffer;
type Collection = ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>;
type Callable = (...args: never[]) => unknown;

/** A DTO as a plain object: its fields without its methods, all the way down. Lists may be readonly: nobody writes to them. */
export type PlainShape<T> = T extends Whole | Collection | Callable
  ? T
  : T extends readonly unknown[]
    ? PlainList<T>
    : T extends object
      ? { [K in keyof T as Exclude<T[K], undefined> extends Callable ? never : K]: PlainField<T, K> }
      : T;

type PlainList<T extends readonly unknown[]> = { readonly [K in keyof T]: PlainShape<T[K]> };

/** An optional field may also hold undefined: class-validator does not tell the two apart. */
type PlainField<T, K extends keyof T> =
  | PlainShape<T[K]>
  | (Record<never, never> extends Pick<T, K> ? undefined : never);
