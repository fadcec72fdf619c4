import {
  type Interceptor,
  InterceptorPriority,
  type Next,
  type StageContext,
  type StageOutput,
} from '../stage/index.js';
import { checkOptions, isDurationMs } from './check-options.js';

export interface HeartbeatOptions {
  /** How long a stage may go without `ctx.progress`, in ms; 0 for no limit. */
  readonly heartbeatMs: number;
}

/**
 * For stages that take long and may well do so as long as they get on: one that has not called `ctx.progress` for so long is
 * taken for stuck, and fails with STAGE_TIMEOUT.
 */
export class HeartbeatInterceptor implements Interceptor {
  /** Inside retry, beside the limit of an attempt. */
  readonly priority = InterceptorPriority.Resilience + 55;
  readonly #heartbeatMs: number;

  constructor({ heartbeatMs }: HeartbeatOptions) {
    checkOptions('HeartbeatInterceptor', [
      [isDurationMs(heartbeatMs), 'heartbeatMs', heartbeatMs, 'milliseconds, 0 for no limit'],
    ]);
    this.#heartbeatMs = heartbeatMs;
  }

  static with(options: HeartbeatOptions): HeartbeatInterceptor {
    return new HeartbeatInterceptor(options);
  }

  intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    return ctx.withHeartbeat(this.#heartbeatMs, next);
  }
}
