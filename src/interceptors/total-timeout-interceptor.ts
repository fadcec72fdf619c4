import {
  type Interceptor,
  InterceptorPriority,
  type Next,
  type StageContext,
  type StageOutput,
} from '../stage/index.js';
import { checkOptions, isDurationMs } from './check-options.js';

export interface TotalTimeoutOptions {
  /** Limit of all attempts and the waits between them, in ms; 0 for none. */
  readonly totalMs: number;
}

/** Limits how long a stage may take in all, however often it is tried: it fails with STAGE_TIMEOUT. */
export class TotalTimeoutInterceptor implements Interceptor {
  /** Outside of retry, inside of what answers without running the stage. */
  readonly priority = InterceptorPriority.Resilience - 5;
  readonly #totalMs: number;

  constructor({ totalMs }: TotalTimeoutOptions) {
    checkOptions('TotalTimeoutInterceptor', [
      [isDurationMs(totalMs), 'totalMs', totalMs, 'milliseconds, 0 for no limit'],
    ]);
    this.#totalMs = totalMs;
  }

  static with(options: TotalTimeoutOptions): TotalTimeoutInterceptor {
    return new TotalTimeoutInterceptor(options);
  }

  intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    return ctx.withTimeout(this.#totalMs, next);
  }
}
