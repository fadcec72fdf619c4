import { IdempotencyInterceptor, type IdempotencyOptions } from '../src/interceptors/index.js';
import type { StageDecorator } from './add-interceptors.js';
import { interceptWith } from './intercept-with.js';

/**
 * Runs this work stage once per key, however often the request comes: `@Idempotent({ key: (ctx) => … })`. The same as
 * `@Intercept(IdempotencyInterceptor.with(…))`. Default key: the request id of the run.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Idempotent(options: IdempotencyOptions = {}): StageDecorator {
  return interceptWith('@Idempotent', () => IdempotencyInterceptor.with(options));
}
