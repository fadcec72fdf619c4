import { StageflowError } from '../errors/index.js';
import { type Class, constructorParameters, isLazyToken, type Token, tokenName } from '../metadata/index.js';

/** An instance without a container, of what a test provides. @throws DI_MISSING_PROVIDER */
export function build<T extends object>(target: Class<T>, provided: ReadonlyMap<Token, unknown>): T {
  const args = constructorParameters(target).map(({ token, name, optional, hasDefault }) => {
    const wanted = isLazyToken(token) ? token.lazyToken() : token;
    if (wanted !== undefined && provided.has(wanted)) {
      const value = provided.get(wanted);
      return isLazyToken(token) ? { get: () => value } : value;
    }
    if (optional || hasDefault) return undefined;
    throw new StageflowError({
      code: 'DI_MISSING_PROVIDER',
      message: `The constructor of ${target.name} asks for ${wanted === undefined ? name : tokenName(wanted)}, which this test does not provide.`,
      fix: 'Add .provide(token, value).',
      details: { class: target.name, parameter: name },
    });
  });
  return new target(...args);
}
