import type {
  ChildResults,
  DataOf,
  IsAny,
  ItemPolicy,
  JoinedItems,
  SpawnableModule,
  StageInputs,
} from '../src/stage/index.js';
import type { ContextOf } from './read-check.js';

type InstanceOf<C> = C extends abstract new (...args: never[]) => infer I ? I : never;

/** Of a method of `C`: what it takes, and what it returns. Never without such a method. */
export type ParametersOf<C, K extends string> =
  InstanceOf<C> extends { readonly [N in K]: (...given: infer A) => unknown } ? A : never;
export type ReturnOf<C, K extends string> =
  InstanceOf<C> extends { readonly [N in K]: (...given: never[]) => infer R } ? DataOf<Awaited<R>> : never;
export type Taken<A, N extends '0' | '1'> = N extends keyof A ? A[N] : unknown;

type ReadsOf<X> = X extends { readonly inputs: StageInputs<infer D> } ? D : never;

/** Nothing where a method reads what `execute` reads, or less, else a demand no class meets. */
export type RefuseOtherReads<C, K extends string> = [ParametersOf<C, K>] extends [never]
  ? unknown
  : IsAny<ReadsOf<ContextOf<C>>> extends true
    ? unknown
    : IsAny<ReadsOf<Taken<ParametersOf<C, K>, '0'>>> extends true
      ? unknown
      : [ReadsOf<Taken<ParametersOf<C, K>, '0'>>] extends [ReadsOf<ContextOf<C>>]
        ? unknown
        : { [M in K as `${M}() reads a stage that execute() does not name`]: ReadsOf<Taken<ParametersOf<C, K>, '0'>> };

/** What one item hands on: what `each` returns, or the results of the run. */
type ItemOf<C, M extends SpawnableModule> = [ParametersOf<C, 'each'>] extends [never]
  ? [M] extends [never]
    ? never
    : ChildResults
  : ReturnOf<C, 'each'>;

/** What `@ForEach` adds to the type of its class: nothing, or a demand no class meets, whose key is the message. */
export type RefuseItems<C, T, P extends ItemPolicy, M extends SpawnableModule> = RefuseEach<C, T, M> &
  RefuseOtherReads<C, 'each'> &
  RefuseJoined<C, JoinedItems<P, ItemOf<C, M>>>;

type RefuseEach<C, T, M extends SpawnableModule> = [ParametersOf<C, 'each'>] extends [never]
  ? [M] extends [never]
    ? { 'the class needs a method each(ctx, item), or the option run': T }
    : unknown
  : [T] extends [Taken<ParametersOf<C, 'each'>, '1'>]
    ? unknown
    : { 'each() takes another item than the source has': T };

type RefuseJoined<C, J> = [J] extends [Taken<ParametersOf<C, 'execute'>, '1'>]
  ? unknown
  : { 'execute() takes something else than its items come to': J };
