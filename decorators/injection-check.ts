import type { AbstractClass, InjectionToken, Lazy, LazyToken } from '../src/metadata/index.js';

/** What the container injects for a token. Strings and symbols say nothing about it. */
type Injected<K> =
  K extends LazyToken<infer T>
    ? Lazy<T>
    : K extends InjectionToken<infer T>
      ? T
      : K extends AbstractClass<infer T>
        ? T
        : any;

/** `any` where the constructor cannot be looked at, for example because it is private. */
type ParameterOf<C, I extends number> = C extends abstract new (...args: infer P) => unknown ? P[I] : any;

/** Added to the type of the parameter's index: nothing, or a demand no number meets. */
export type RefuseToken<C, I extends number, K> = [Injected<K>] extends [ParameterOf<C, I>]
  ? unknown
  : { 'the parameter cannot take what the token stands for': Injected<K> };

/** The same for a parameter that may receive `undefined`. */
export type RefuseUndefined<C, I extends number> =
  undefined extends ParameterOf<C, I>
    ? unknown
    : { '@Optional() injects undefined, which this parameter cannot take': I };
