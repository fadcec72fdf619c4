import type { IsAny } from './stage-class.js';
import type { StageOutput } from './stage-output.js';

type NotAnOutput =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | Date
  | readonly unknown[]
  | ReadonlySet<unknown>
  | ReadonlyMap<unknown, unknown>
  | ((...args: never[]) => unknown);

type Refused<R> = R extends StageOutput ? never : R extends NotAnOutput ? R : never;

/**
 * Nothing for a return type that stands for an output, else a demand no stage meets, which names what is returned.
 * `R` is what `execute` returns, promise or not.
 */
export type RefuseOutput<R> =
  IsAny<R> extends true
    ? unknown
    : [Refused<Awaited<R>>] extends [never]
      ? unknown
      : { 'execute() must return an object, a StageOutput or nothing, but returns': Refused<Awaited<R>> };
