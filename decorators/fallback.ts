import { FallbackInterceptor, type FallbackOptions } from '../src/interceptors/index.js';
import type { AbstractClass } from '../src/metadata/index.js';
import type { OutputOf, StageContext, StageFailure, StageInstance, StageOutput } from '../src/stage/index.js';
import { interceptWith } from './intercept-with.js';

export interface FallbackDecoratorOptions<T extends object> extends Omit<FallbackOptions, 'use'> {
  /** What stands in for the output: data of the same type, or a function that makes it, or a StageOutput. */
  readonly use: T | ((failure: StageFailure, ctx: StageContext) => T | StageOutput<T> | Promise<T | StageOutput<T>>);
}

/** Added to the type of the class: nothing, or a demand that it does not meet. */
type RefuseFallback<T, C> = [T] extends [OutputOf<C>] ? unknown : { 'the fallback is not what the stage hands on': T };

/**
 * Hands on something else when this stage failed for good: `@Fallback({ use: { links: [] } })`. The same as
 * `@Intercept(FallbackInterceptor.with(…))`, and the compiler checks that readers get what they expect.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Fallback<T extends object>(
  options: FallbackDecoratorOptions<T>,
): <C extends AbstractClass<StageInstance>>(target: C & RefuseFallback<T, C>) => void {
  return interceptWith('@Fallback', () => FallbackInterceptor.with(options));
}
