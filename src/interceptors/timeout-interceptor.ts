import {
  type Interceptor,
  InterceptorPriority,
  type Next,
  type StageContext,
  type StageOutput,
} from '../stage/index.js';
import { checkOptions, isDurationMs } from './check-options.js';

export interface TimeoutOptions {
  /** Limit of one call of what is inside, in ms; 0 for none. Inside a retry every attempt has its own. */
  readonly limitMs: number;
}

/**
 * Limits how long a stage may take. On expiry `ctx.signal` aborts and the stage fails with STAGE_TIMEOUT, whatever it
 * returns later. `@Stage({ timeoutMs })` is the short form for one stage; use this for a whole module or application.
 */
export class TimeoutInterceptor implements Interceptor {
  /** Inside retry, so that each attempt has its own limit. */
  readonly priority = InterceptorPriority.Resilience + 50;
  readonly limitMs: number;

  constructor({ limitMs }: TimeoutOptions) {
    checkOptions('TimeoutInterceptor', [[isDurationMs(limitMs), 'limitMs', limitMs, 'milliseconds, 0 for no limit']]);
    this.limitMs = limitMs;
  }

  static with(options: TimeoutOptions): TimeoutInterceptor {
    return new TimeoutInterceptor(options);
  }

  intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    return ctx.withTimeout(this.limitMs, next);
  }
}
