/* What the compiler says about a contract and what a stage returns or reads. */
import type { ContractInput, ContractValue, RefuseMismatch } from '../contracts/index.js';
import type { DataOf, IsAny } from './stage-class.js';

type Transforms<S> = [ContractValue<S>] extends [ContractInput<S>] ? false : true;

/**
 * Dependents are typed by what `execute` returns. A contract that makes something else of it has to hand on at least that.
 */
type RefuseTransform<Returned, S> =
  Transforms<S> extends false
    ? unknown
    : [ContractValue<S>] extends [Returned]
      ? unknown
      : { 'the output contract hands on something else than execute() returns': ContractValue<S> };

/** No contract, or one that the compiler knows nothing of. */
type IsUnknown<S> = [S] extends [never] ? true : IsAny<S>;

/** Nothing if what `execute` returns, `R`, can keep the output contract `S`, else a demand no stage meets. */
export type RefuseBreach<R, S> =
  IsUnknown<S> extends true ? unknown : RefuseMismatch<DataOf<Awaited<R>>, S> & RefuseTransform<DataOf<Awaited<R>>, S>;

/** The same without the second demand, where dependents are typed by the contract. */
export type RefuseReturn<R, S> = IsUnknown<S> extends true ? unknown : RefuseMismatch<DataOf<Awaited<R>>, S>;

/** Nothing if a stage that reads the run's input as `I` may rely on the input contract `S`. */
export type RefuseInput<I, S> =
  IsUnknown<S> extends true
    ? unknown
    : unknown extends I
      ? unknown
      : [ContractInput<S>] extends [I]
        ? unknown
        : { 'StageContext says of the input what its contract does not': I };
