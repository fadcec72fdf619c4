import { TimeoutInterceptor } from '../src/interceptors/index.js';
import type { StageDecorator } from './add-interceptors.js';
import { interceptWith } from './intercept-with.js';

/**
 * Limits how long one attempt of this stage may take, in ms: `@Timeout(2_000)`. The same as
 * `@Intercept(TimeoutInterceptor.with(…))`. 0 means no limit.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Timeout(limitMs: number): StageDecorator {
  return interceptWith('@Timeout', () => TimeoutInterceptor.with({ limitMs }));
}
