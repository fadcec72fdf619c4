import {
  type Interceptor,
  type InterceptorClass,
  InterceptorPriority,
  type Next,
  type StageContext,
  StageOutput,
} from '../stage/index.js';
import { bindOptions } from './bind-options.js';
import { SharedBy, tenantKey, userPart } from './call-key.js';
import { checkOptions, isCount, isDurationMs } from './check-options.js';
import { RecentMap } from './recent-map.js';
import { RefusedError } from './refused-error.js';
import { TokenBucket } from './token-bucket.js';

export interface RateLimitOptions {
  /** So many calls … */
  readonly permits: number;
  /** … in so many ms. Default 1,000. */
  readonly perMs?: number;
  /** How many calls may come at once after a quiet time. Default `permits`. */
  readonly burst?: number;
  /** Who shares the limit: a tenant, one user of it, or what your function gives, within the tenant. Default tenant. */
  readonly by?: SharedBy | ((ctx: StageContext) => string);
  /** What happens to a call too many. Default refuse. */
  readonly whenEmpty?: 'refuse' | 'wait';
  /** For wait: who would wait longer is refused at once, in ms. Default 30,000. */
  readonly maxWaitMs?: number;
  /**
   * How many limits are kept at once. Where so many are in use, further keys share one limit, so that nobody is free of
   * limits. Default 10,000.
   */
  readonly maxKeys?: number;
}

const DEFAULTS = {
  perMs: 1_000,
  by: SharedBy.Tenant,
  whenEmpty: 'refuse',
  maxWaitMs: 30_000,
  maxKeys: 10_000,
} as const;

/**
 * Limits how often stages run for a tenant or a user. Calls too many fail with RATE_LIMITED, retryable, or wait for their
 * turn, first come first. One instance is one limit for everything that it wraps; tenants never share one. Each attempt of
 * a retry counts.
 */
export class RateLimitInterceptor implements Interceptor {
  readonly priority = InterceptorPriority.Resilience + 20;
  readonly #options: Required<RateLimitOptions>;
  readonly #buckets: RecentMap<TokenBucket>;
  #overflow: TokenBucket | null = null;

  constructor(options: RateLimitOptions) {
    this.#options = readOptions(options);
    this.#buckets = new RecentMap(this.#options.maxKeys);
  }

  static with(options: RateLimitOptions): InterceptorClass {
    readOptions(options);
    return bindOptions(RateLimitInterceptor, options);
  }

  async intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    const { whenEmpty, maxWaitMs } = this.#options;
    const now = ctx.clock.now();
    const bucket = this.#bucketOf(ctx, now);
    const waitMs = bucket.take(now, whenEmpty === 'wait' ? maxWaitMs : 0);
    if (waitMs === null) return StageOutput.fail(this.#refusal(ctx, bucket.waitMs(now)));
    if (waitMs > 0) await sleepOrGiveBack(ctx, waitMs, bucket);
    return next();
  }

  #bucketOf(ctx: StageContext, now: number): TokenBucket {
    const key = keyOf(ctx, this.#options.by);
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    if (!this.#buckets.makeRoom((bucket) => bucket.isFull(now))) {
      this.#overflow ??= new TokenBucket(this.#options, now);
      return this.#overflow;
    }
    const bucket = new TokenBucket(this.#options, now);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #refusal(ctx: StageContext, retryAfterMs: number): RefusedError {
    const { permits, perMs } = this.#options;
    return new RefusedError(ctx, {
      code: 'RATE_LIMITED',
      because: `the rate limit of ${permits} calls in ${perMs} ms is used up`,
      fix: `Try again in ${retryAfterMs} ms, or let callers wait: whenEmpty: 'wait'.`,
      retryAfterMs,
      details: { permits, perMs },
    });
  }
}

async function sleepOrGiveBack(ctx: StageContext, waitMs: number, bucket: TokenBucket): Promise<void> {
  try {
    await ctx.sleep(waitMs);
  } catch (error) {
    bucket.giveBack();
    throw error;
  }
}

function keyOf(ctx: StageContext, by: Required<RateLimitOptions>['by']): string {
  if (typeof by === 'function') return tenantKey(ctx, 'own', by(ctx));
  return by === SharedBy.User ? tenantKey(ctx, by, userPart(ctx)) : tenantKey(ctx, by);
}

function readOptions(given: RateLimitOptions): Required<RateLimitOptions> {
  const options: Required<RateLimitOptions> = { ...DEFAULTS, burst: Math.max(1, Math.floor(given.permits)), ...given };
  const { permits, perMs, burst, by, whenEmpty, maxWaitMs, maxKeys } = options;
  checkOptions('RateLimitInterceptor', [
    [permits > 0 && Number.isFinite(permits), 'permits', permits, 'a number above 0'],
    [isDurationMs(perMs) && perMs > 0, 'perMs', perMs, 'milliseconds, above 0'],
    [isCount(burst), 'burst', burst, 'a whole number, at least 1'],
    [typeof by === 'function' || by === 'tenant' || by === 'user', 'by', by, 'tenant, user or a function'],
    [whenEmpty === 'refuse' || whenEmpty === 'wait', 'whenEmpty', whenEmpty, 'refuse or wait'],
    [isDurationMs(maxWaitMs), 'maxWaitMs', maxWaitMs, 'milliseconds, 0 or more'],
    [isCount(maxKeys), 'maxKeys', maxKeys, 'a whole number, at least 1'],
  ]);
  return options;
}
