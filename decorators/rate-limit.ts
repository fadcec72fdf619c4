import { RateLimitInterceptor, type RateLimitOptions } from '../src/interceptors/index.js';
import type { StageDecorator } from './add-interceptors.js';
import { interceptWith } from './intercept-with.js';

/**
 * Limits how often this stage runs for a tenant or a user: `@RateLimit({ permits: 10, by: 'user' })`. The same as
 * `@Intercept(RateLimitInterceptor.with(…))`.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function RateLimit(options: RateLimitOptions): StageDecorator {
  return interceptWith('@RateLimit', () => RateLimitInterceptor.with(options));
}
