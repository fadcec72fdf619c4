import { HeartbeatInterceptor, TimeoutInterceptor, TotalTimeoutInterceptor } from '../src/interceptors/index.js';
import type { InterceptorLike } from '../src/stage/index.js';
import type { StageDecorator } from './add-interceptors.js';
import { interceptWith } from './intercept-with.js';

export interface TimeoutDecoratorOptions {
  /** Of one attempt, in ms. */
  readonly attemptMs?: number;
  /** Of all attempts and the waits between them, in ms. */
  readonly totalMs?: number;
  /** How long an attempt may go without `ctx.progress`, in ms. */
  readonly heartbeatMs?: number;
}

/**
 * Limits how long this stage may take: `@Timeout(2_000)` for one attempt, in ms, or
 * `@Timeout({ attemptMs, totalMs, heartbeatMs })`. 0 means no limit. The same as `@Intercept` with `TimeoutInterceptor`,
 * `TotalTimeoutInterceptor` and `HeartbeatInterceptor`.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Timeout(limit: number | TimeoutDecoratorOptions): StageDecorator {
  return interceptWith('@Timeout', () => {
    const { attemptMs, totalMs, heartbeatMs } =
      typeof limit === 'object' && limit !== null ? limit : { attemptMs: limit };
    const interceptors: InterceptorLike[] = [];
    if (totalMs !== undefined) interceptors.push(TotalTimeoutInterceptor.with({ totalMs }));
    if (attemptMs !== undefined) interceptors.push(TimeoutInterceptor.with({ limitMs: attemptMs }));
    if (heartbeatMs !== undefined) interceptors.push(HeartbeatInterceptor.with({ heartbeatMs }));
    return interceptors;
  });
}
