import { CircuitBreakerInterceptor, type CircuitBreakerOptions } from '../src/interceptors/index.js';
import type { StageDecorator } from './add-interceptors.js';
import { interceptWith } from './intercept-with.js';

/**
 * Stops calling what this stage depends on while that keeps failing: `@CircuitBreaker({ consecutive: 5 })`. The same as
 * `@Intercept(CircuitBreakerInterceptor.with(…))`. To share a breaker between stages, list one class in each `@Intercept`.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function CircuitBreaker(options: CircuitBreakerOptions = {}): StageDecorator {
  return interceptWith('@CircuitBreaker', () => CircuitBreakerInterceptor.with(options));
}
