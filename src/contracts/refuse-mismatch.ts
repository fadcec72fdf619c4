import type { ContractInput } from './contract-types.js';

type IsAny<T> = 0 extends 1 & T ? true : false;

/** The members of the union `R` that the contract does not accept. */
type Unfit<R, I> = R extends I ? never : R;

type FitsAt<R, I, K extends keyof I> = K extends keyof R
  ? Pick<R, K> extends Pick<I, K>
    ? true
    : false
  : Record<never, never> extends Pick<I, K>
    ? true
    : false;

/** For each key that does not fit, what is returned and what the contract says. */
type UnfitKeys<R, I> = {
  [K in keyof I as FitsAt<R, I, K> extends true ? never : K]: {
    returned: K extends keyof R ? R[K] : 'nothing';
    contract: I[K];
  };
};

/** The keys where that says something, else the whole type. `infer` has the compiler print it in full. */
type Offence<R, I> = R extends object
  ? UnfitKeys<R, I> extends infer Keys
    ? keyof Keys extends never
      ? R
      : { [K in keyof Keys]: Keys[K] }
    : never
  : R;

/**
 * Nothing if what `execute` returns keeps the contract of source `S`, else a demand that no class meets: its key is the
 * message, its type the part that does not fit. `Returned` is awaited and without `StageOutput`. `any` passes.
 */
export type RefuseMismatch<Returned, S> = true extends IsAny<Returned> | IsAny<ContractInput<S>>
  ? unknown
  : [Unfit<Returned, ContractInput<S>>] extends [never]
    ? unknown
    : {
        'execute() returns what its output contract does not accept': Offence<
          Unfit<Returned, ContractInput<S>>,
          ContractInput<S>
        >;
      };
