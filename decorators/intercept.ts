import { type AbstractClass, type InterceptMetadata, readMetadata, writeMetadata } from '../src/metadata/index.js';
import type { InterceptorLike, StageInstance } from '../src/stage/index.js';
import { isClass, type Misuse, startChecks } from './misuse.js';

/**
 * Wraps this stage in interceptors of its own, besides those of its pipeline and application. Classes are built by the
 * container; objects are used as they are. A subclass adds to its parent's list, the parent's first.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Intercept(
  ...interceptors: readonly InterceptorLike[]
): <C extends AbstractClass<StageInstance>>(target: C) => void {
  return (target) => {
    const misuse = startChecks('@Intercept', 'intercept', target);
    interceptors.forEach((interceptor, index) => {
      checkInterceptor(misuse, interceptor, `argument ${index + 1}`);
    });
    misuse.throwIfAny();
    const inherited = readMetadata('intercept', Object.getPrototypeOf(target))?.interceptors ?? [];
    const metadata: InterceptMetadata = { interceptors: Object.freeze([...inherited, ...interceptors]) };
    writeMetadata('intercept', target, Object.freeze(metadata));
  };
}

export function checkInterceptor(misuse: Misuse, value: unknown, where: string): void {
  const owner = isClass(value) ? value.prototype : value;
  const method = typeof owner === 'object' && owner !== null && 'intercept' in owner ? owner.intercept : undefined;
  if (typeof method === 'function') return;
  misuse.addUnfit(value, where, 'a class with an intercept(ctx, next) method, or an object that has one,');
}
