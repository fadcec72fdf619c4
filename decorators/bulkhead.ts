import { BulkheadInterceptor, type BulkheadOptions } from '../src/interceptors/index.js';
import type { StageDecorator } from './add-interceptors.js';
import { interceptWith } from './intercept-with.js';

/**
 * Limits how many executions of this stage run at once, over all runs: `@Bulkhead({ limit: 4, queue: 20 })`. The same as
 * `@Intercept(BulkheadInterceptor.with(…))`.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Bulkhead(options: BulkheadOptions): StageDecorator {
  return interceptWith('@Bulkhead', () => BulkheadInterceptor.with(options));
}
