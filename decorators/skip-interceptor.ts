import { readMetadata, writeMetadata } from '../src/metadata/index.js';
import type { InterceptorClass } from '../src/stage/index.js';
import type { StageDecorator } from './add-interceptors.js';
import { isClass, startChecks } from './misuse.js';

/**
 * Leaves out interceptors that the application, the module or a parent class puts around this stage: `@SkipInterceptor(Audit)`.
 * Those of the security role cannot be left out. A subclass skips what its parent skips.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded; with INTERCEPTOR_SKIP_INVALID, when the
 * pipeline is built, if it is not around the stage or is there for security.
 */
export function SkipInterceptor(...interceptors: readonly InterceptorClass[]): StageDecorator {
  return (target) => {
    const misuse = startChecks('@SkipInterceptor', 'skip', target);
    interceptors.forEach((interceptor: unknown, index) => {
      if (!isClass(interceptor)) misuse.addUnfit(interceptor, `argument ${index + 1}`, 'an interceptor class');
    });
    misuse.throwIfAny();
    const inherited = readMetadata('skip', Object.getPrototypeOf(target)) ?? [];
    writeMetadata('skip', target, Object.freeze([...inherited, ...interceptors]));
  };
}
