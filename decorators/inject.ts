import { isLazyToken, isToken, type LazyToken, type Token, tokenName } from '../src/metadata/index.js';
import type { RefuseToken } from './injection-check.js';
import { describeValue, type Misuse, NOT_YET_DECLARED } from './misuse.js';
import { writeParameter } from './write-parameter.js';

/**
 * Says what to inject into a constructor parameter whose type alone does not: an interface, a value, a union, or, as
 * `lazy(() => B)`, a service that needs this one in turn.
 *
 * Does not compile if the parameter cannot take what the token stands for; strings and symbols stand for anything.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Inject<K extends Token | LazyToken>(
  token: K,
): <C, I extends number>(target: C, property: undefined, index: I & RefuseToken<C, I, K>) => void {
  return (target, property, index) => {
    writeParameter('@Inject', target, property, { index, token }, (misuse) => checkToken(misuse, token, index));
  };
}

function checkToken(misuse: Misuse, token: unknown, index: number): void {
  const where = `the token of constructor parameter ${index + 1}`;
  if (token === undefined) {
    misuse.add(
      `has undefined as ${where}: ${NOT_YET_DECLARED}`,
      'Declare it before this class, or name it later: @Inject(lazy(() => Service)), and read it through .get().',
      { index, undefined: true },
    );
  } else if (!isToken(token) && !isLazyToken(token)) {
    const fix = 'Pass a class, token(…), a string, a symbol or lazy(…).';
    misuse.add(`has ${describeValue(token)} as ${where}.`, fix, { index });
  } else if (isToken(token) && tokenName(token).trim() === '') {
    misuse.add(`has a blank name as ${where}.`, 'Give the token a name that errors can show.', { index });
  }
}
