import { StageflowError } from '../src/errors/index.js';
import type { InterceptorLike } from '../src/stage/index.js';
import { addInterceptors, type StageDecorator, startInterceptChecks } from './add-interceptors.js';
import type { Misuse } from './misuse.js';

/**
 * A short form of `@Intercept`. @param make builds the interceptor when the decorator is applied, so that options it cannot
 * use are reported with the class they stand on
 */
export function interceptWith(
  decorator: string,
  make: () => InterceptorLike | readonly InterceptorLike[],
): StageDecorator {
  return (target) => {
    const misuse = startInterceptChecks(decorator, target);
    const interceptors = made(misuse, make);
    misuse.throwIfAny();
    addInterceptors(target, decorator, interceptors);
  };
}

function made(misuse: Misuse, make: () => InterceptorLike | readonly InterceptorLike[]): readonly InterceptorLike[] {
  try {
    return [make()].flat();
  } catch (error) {
    if (!(error instanceof StageflowError)) throw error;
    misuse.add(`cannot be used: ${error.summary}`, error.fix ?? 'Correct the option.', error.details);
    return [];
  }
}
