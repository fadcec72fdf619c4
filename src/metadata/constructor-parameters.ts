import type { Class, LazyToken, Token } from './token.js';

/** One constructor parameter as the container sees it. */
export interface ConstructorParameter {
  readonly index: number;
  /** The name in the source where it can be read, else `#0`. For messages only. */
  readonly name: string;
  /** What to inject; undefined if the type was erased and nothing else says what to inject. */
  readonly token: Token | LazyToken | undefined;
  readonly optional: boolean;
  /** tsyringe's `@injectAll`: an array of everything registered under the token in the parent container. */
  readonly multiple: boolean;
  /** The parameter has a default value: without a token, `undefined` is passed and the default holds. */
  readonly hasDefault: boolean;
}

/** What a class wants in its constructor. Classes decorated for stageflow, Nest or tsyringe are all understood. */
export function constructorParameters(target: Class): readonly ConstructorParameter[] {
  throw new TypeError(`not written: ${target.name}`);
}
