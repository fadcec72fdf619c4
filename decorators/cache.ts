import { CacheInterceptor, type CacheOptions } from '../src/interceptors/index.js';
import type { StageDecorator } from './add-interceptors.js';
import { interceptWith } from './intercept-with.js';

/**
 * Answers with an earlier output of this stage: `@Cache({ key: (ctx) => ctx.snapshot.inputText ?? undefined, ttlMs: 60_000
 * })`. The same as `@Intercept(CacheInterceptor.with(…))`.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Cache(options: CacheOptions): StageDecorator {
  return interceptWith('@Cache', () => CacheInterceptor.with(options));
}
