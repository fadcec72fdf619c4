import { deepFreeze } from '../payload/index.js';
import {
  type Interceptor,
  type InterceptorClass,
  InterceptorPriority,
  type Next,
  type StageContext,
  StageKind,
  type StageOutput,
  type StageSpec,
  StageStatus,
} from '../stage/index.js';
import { bindOptions } from './bind-options.js';
import { SharedBy, stageKey, userPart } from './call-key.js';
import { checkOptions, isCount, isDurationMs } from './check-options.js';
import { RecentMap } from './recent-map.js';
import { orCancelled } from './waiting.js';

export interface CacheOptions {
  /**
   * What the output depends on: whatever of the input and of other stages it is made of. Pipeline, stage and tenant are part
   * of the key in any case. Undefined for an execution that must not be cached.
   */
  readonly key: (ctx: StageContext) => string | undefined;
  /** How long an output is good for, in ms. */
  readonly ttlMs: number;
  /** Who shares outputs: a tenant, or each user alone, for outputs that depend on who asks. Default tenant. */
  readonly by?: SharedBy;
  /** How many outputs are kept; of more, the one used longest ago goes. Default 1,000. */
  readonly maxEntries?: number;
  /** Whether executions with one key that miss at the same time wait for the first instead of all running. Default false. */
  readonly shareMisses?: boolean;
}

interface Entry {
  readonly output: StageOutput;
  readonly until: number;
}

/**
 * Answers with an earlier output of the same stage, when the same input gives the same output. Only `ok` is kept, never a
 * failure or a skip. What is kept is frozen throughout, since many runs read it; class instances in it are shared as they
 * are. Work and agent stages are never cached: skipping one would skip its effect.
 */
export class CacheInterceptor implements Interceptor {
  /** Outside of retry: what is known needs no attempt. */
  readonly priority = InterceptorPriority.Resilience - 10;
  readonly #options: Required<CacheOptions>;
  readonly #entries: RecentMap<Entry>;
  /** Executions that others wait for, by key; they give null when their own run no longer wants them. */
  readonly #running = new Map<string, Promise<StageOutput | null>>();

  constructor(options: CacheOptions) {
    this.#options = readOptions(options);
    this.#entries = new RecentMap(this.#options.maxEntries);
  }

  static with(options: CacheOptions): InterceptorClass {
    readOptions(options);
    return bindOptions(CacheInterceptor, options);
  }

  appliesTo({ kind }: StageSpec): boolean {
    return kind !== StageKind.Work && kind !== StageKind.Agent;
  }

  async intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    const { key, by, shareMisses } = this.#options;
    const own = key(ctx);
    if (own === undefined) return next();
    const whole = by === SharedBy.User ? stageKey(ctx, own, userPart(ctx)) : stageKey(ctx, own);
    const known = this.#known(whole, ctx.clock.now());
    if (known !== null) return known;
    return shareMisses ? this.#share(whole, ctx, next) : this.#fill(whole, ctx, next);
  }

  #known(key: string, now: number): StageOutput | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    if (now < entry.until) return entry.output;
    this.#entries.delete(key);
    return null;
  }

  async #fill(key: string, ctx: StageContext, next: Next): Promise<StageOutput> {
    const output = await next();
    if (output.status !== StageStatus.Ok) return output;
    deepFreeze(output.data);
    this.#entries.set(key, { output, until: ctx.clock.now() + this.#options.ttlMs });
    return output;
  }

  async #share(key: string, ctx: StageContext, next: Next): Promise<StageOutput> {
    const running = this.#running.get(key);
    if (running !== undefined) {
      const output = await orCancelled(ctx, running);
      // A failure may be that of the other run alone, such as its cancellation: everybody who waited tries for itself.
      return output?.status === StageStatus.Ok ? output : this.#fill(key, ctx, next);
    }
    const filling = this.#fill(key, ctx, next);
    const shared = orCancelled(ctx, filling).catch(() => null);
    this.#running.set(key, shared);
    shared.finally(() => this.#running.delete(key));
    return filling;
  }
}

function readOptions(given: CacheOptions): Required<CacheOptions> {
  const options = { by: SharedBy.Tenant, maxEntries: 1_000, shareMisses: false, ...given };
  const { key, ttlMs, by, maxEntries, shareMisses } = options;
  checkOptions('CacheInterceptor', [
    [typeof key === 'function', 'key', key, 'a function of the context'],
    [isDurationMs(ttlMs) && ttlMs > 0, 'ttlMs', ttlMs, 'milliseconds, above 0'],
    [by === 'tenant' || by === 'user', 'by', by, 'tenant or user'],
    [isCount(maxEntries), 'maxEntries', maxEntries, 'a whole number, at least 1'],
    [typeof shareMisses === 'boolean', 'shareMisses', shareMisses, 'true or false'],
  ]);
  return options;
}
