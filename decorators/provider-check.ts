import type { AbstractClass, Class, InjectionToken, Provider } from '../src/metadata/index.js';

/** Only the public side of a class counts: whatever has it can stand in for the class. */
type PublicSide<T> = T extends object ? Pick<T, keyof T> : T;

/** What those who ask for a token expect. Strings and symbols say nothing about it. */
type Expected<K> = K extends InjectionToken<infer T> ? T : K extends AbstractClass<infer T> ? PublicSide<T> : any;

type Provided<P> = P extends { readonly useValue: infer V }
  ? V
  : P extends { readonly useClass: Class<infer V> }
    ? V
    : P extends { readonly useFactory: (...args: never[]) => infer V }
      ? Awaited<V>
      : P extends { readonly useExisting: infer K }
        ? Expected<K>
        : any;

type Misfit<P> = P extends { readonly provide: infer K } ? ([Provided<P>] extends [Expected<K>] ? never : P) : never;

/**
 * What @PipelineModule adds to the type of its class: nothing, or a demand no class meets that shows the providers in
 * question. On the class, since a check on the list would take part in finding the types of what is in it.
 */
export type RefuseProviders<P extends readonly Provider[]> = [Misfit<P[number]>] extends [never]
  ? unknown
  : { 'a provider does not give what its token stands for': Misfit<P[number]> };
