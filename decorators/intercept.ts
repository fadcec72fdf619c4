import { type InterceptorLike, isInterceptor } from '../src/stage/index.js';
import { addInterceptors, type StageDecorator, startInterceptChecks } from './add-interceptors.js';
import { isClass, type Misuse } from './misuse.js';

/**
 * Wraps this stage in interceptors of its own, besides those of its pipeline and application. Classes are built by the
 * container; objects are used as they are. A subclass adds to its parent's list, the parent's first.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Intercept(...interceptors: readonly InterceptorLike[]): StageDecorator {
  return (target) => {
    const misuse = startInterceptChecks('@Intercept', target);
    interceptors.forEach((interceptor, index) => {
      checkInterceptor(misuse, interceptor, `argument ${index + 1}`);
    });
    misuse.throwIfAny();
    addInterceptors(target, '@Intercept', interceptors);
  };
}

export function checkInterceptor(misuse: Misuse, value: unknown, where: string): void {
  if (isInterceptor(isClass(value) ? value.prototype : value)) return;
  misuse.addUnfit(value, where, 'a class with an intercept(ctx, next) method, or an object that has one,');
}
