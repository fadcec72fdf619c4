/*
 * Runs a stage once per key.
 *
 * Invariants
 *  1. Without a clear word from the store the stage does not run.
 *  2. Whoever claims a key completes it with an ok, and releases it after anything else, once the stage has really stopped:
 *     a stage that was cancelled and still works must not be joined by a second. If it never stops, its lease ends.
 *  3. Only ok is replayed.
 */
import { StageflowError } from '../errors/index.js';
import { deepFreeze } from '../payload/index.js';
import {
  type Interceptor,
  type InterceptorClass,
  InterceptorPriority,
  type Next,
  type StageContext,
  StageKind,
  StageOutput,
  type StageSpec,
  StageStatus,
} from '../stage/index.js';
import { bindOptions } from './bind-options.js';
import { stageKey } from './call-key.js';
import { checkOptions, isDurationMs } from './check-options.js';
import { canonicalText, fingerprint } from './fingerprint.js';
import { idempotencyMismatch, keyInvalid, storeFailed } from './idempotency-errors.js';
import type { IdempotencyClaim, IdempotencyStore } from './idempotency-store.js';
import { MemoryIdempotencyStore } from './memory-idempotency-store.js';
import { orCancelled, pause } from './waiting.js';

export interface IdempotencyOptions {
  /** What tells one request from another; tenant, pipeline and stage are added. Default: the request id of the run. */
  readonly key?: (ctx: StageContext) => string | null | undefined;
  /** What must be the same under the same key: plain data. Default: the input and the input text of the run. */
  readonly parameters?: (ctx: StageContext) => unknown;
  /** Default: a `MemoryIdempotencyStore` of its own. */
  readonly store?: IdempotencyStore;
  /** How long a result is replayed, in ms. Default 86,400,000, a day. */
  readonly ttlMs?: number;
  /** How long a claim holds if its process dies, in ms: longer than the stage can take. Default 300,000. */
  readonly leaseMs?: number;
  /** How often those who wait ask a store again, in ms. Default 250. */
  readonly pollMs?: number;
  /** Which kinds of stages it applies to. Default: work. */
  readonly kinds?: readonly StageKind[];
}

const DEFAULTS = {
  key: ({ snapshot }: StageContext) => snapshot.identity.requestId,
  parameters: ({ snapshot }: StageContext): unknown => ({ input: snapshot.input, inputText: snapshot.inputText }),
  ttlMs: 86_400_000,
  leaseMs: 300_000,
  pollMs: 250,
  kinds: [StageKind.Work],
};

const LONGEST_KEY = 1_024;

/**
 * Runs a stage once per key, however often the request comes: later ones get the same output, those that come at the same
 * time wait for the one that runs. A key that comes with other parameters is refused, and so is a run without a key. Stands
 * outside retry. Failures and skips are not kept: the next request runs again.
 */
export class IdempotencyInterceptor implements Interceptor {
  readonly priority = InterceptorPriority.Resilience - 20;
  readonly #options: Required<Omit<IdempotencyOptions, 'store'>>;
  #store: IdempotencyStore | undefined;

  constructor(options: IdempotencyOptions = {}) {
    this.#options = readOptions(options);
    this.#store = options.store;
  }

  static with(options: IdempotencyOptions = {}): InterceptorClass {
    readOptions(options);
    return bindOptions(IdempotencyInterceptor, options);
  }

  appliesTo({ kind }: StageSpec): boolean {
    return this.#options.kinds.includes(kind);
  }

  async intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    const own = this.#options.key(ctx);
    if (typeof own !== 'string' || own.trim() === '' || own.length > LONGEST_KEY) return keyInvalid(ctx, own);
    const key = fingerprint(stageKey(ctx, own));
    const digest = fingerprint(canonicalText(this.#options.parameters(ctx), 'parameters'));
    this.#store ??= new MemoryIdempotencyStore({ clock: ctx.clock });
    for (;;) {
      const claim = await this.#claim(this.#store, ctx, key, digest);
      if (claim instanceof StageflowError) return StageOutput.fail(claim, { retryable: true });
      if (claim.state === 'done') return StageOutput.ok(claim.data);
      if (claim.state === 'mismatch') return idempotencyMismatch(ctx);
      if (claim.state === 'claimed') return this.#run(this.#store, ctx, key, claim.owner, next);
      await pause(ctx, this.#options.pollMs, this.#store.changed?.(key));
    }
  }

  async #claim(
    store: IdempotencyStore,
    ctx: StageContext,
    key: string,
    digest: string,
  ): Promise<IdempotencyClaim | StageflowError> {
    // Asynchronous, so that a store that throws is one that rejects.
    const claiming = (async () => store.claim(key, digest, this.#options.leaseMs))();
    try {
      const claim = await orCancelled(ctx, claiming);
      return isClaim(claim) ? claim : storeFailed(ctx, new TypeError('The store gave no claim.'));
    } catch (error) {
      if (!ctx.cancelled) return storeFailed(ctx, error);
      claiming.then(
        (claim) => (claim.state === 'claimed' ? this.#release(store, ctx, key, claim.owner) : undefined),
        () => {}, // nobody waits for it any more
      );
      throw error;
    }
  }

  async #run(store: IdempotencyStore, ctx: StageContext, key: string, owner: string, next: Next): Promise<StageOutput> {
    const output = await next();
    if (output.status !== StageStatus.Ok) {
      await this.#release(store, ctx, key, owner);
      return output;
    }
    try {
      await store.complete(key, owner, deepFreeze(output.data ?? {}), this.#options.ttlMs);
    } catch (error) {
      // The work is done; failing now would invite a second time. The claim stands until its lease ends.
      ctx.logger.error('The result of a stage that runs once per key could not be kept.', { error });
      ctx.emit('idempotency.not_kept');
    }
    return output;
  }

  async #release(store: IdempotencyStore, ctx: StageContext, key: string, owner: string): Promise<void> {
    try {
      await store.release(key, owner);
    } catch (error) {
      ctx.logger.warn('An idempotency key could not be released; it is free when its lease ends.', { error });
    }
  }
}

function isClaim(value: unknown): value is IdempotencyClaim {
  if (typeof value !== 'object' || value === null || !('state' in value)) return false;
  if (value.state === 'claimed') return 'owner' in value && typeof value.owner === 'string';
  if (value.state === 'done') return 'data' in value && typeof value.data === 'object' && value.data !== null;
  return value.state === 'running' || value.state === 'mismatch';
}

function readOptions({ store, ...given }: IdempotencyOptions): Required<Omit<IdempotencyOptions, 'store'>> {
  const options = { ...DEFAULTS, ...given };
  const { key, parameters, ttlMs, leaseMs, pollMs, kinds } = options;
  const isStore = store === undefined || typeof store?.claim === 'function';
  checkOptions('IdempotencyInterceptor', [
    [typeof key === 'function', 'key', key, 'a function of the context'],
    [typeof parameters === 'function', 'parameters', parameters, 'a function of the context'],
    [isStore, 'store', store, 'an IdempotencyStore'],
    [isDurationMs(ttlMs) && ttlMs > 0, 'ttlMs', ttlMs, 'milliseconds, above 0'],
    [isDurationMs(leaseMs) && leaseMs > 0, 'leaseMs', leaseMs, 'milliseconds, above 0'],
    [isDurationMs(pollMs) && pollMs > 0, 'pollMs', pollMs, 'milliseconds, above 0'],
    [Array.isArray(kinds) && kinds.length > 0, 'kinds', kinds, 'a list of stage kinds'],
  ]);
  return options;
}
