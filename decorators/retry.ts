import { RetryInterceptor, type RetryOptions } from '../src/interceptors/index.js';
import type { StageDecorator } from './add-interceptors.js';
import { interceptWith } from './intercept-with.js';

/**
 * Tries this stage again when it fails and that can help: `@Retry({ attempts: 3 })`. The same as
 * `@Intercept(RetryInterceptor.with(…))`.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Retry(options: RetryOptions): StageDecorator {
  return interceptWith('@Retry', () => RetryInterceptor.with(options));
}
