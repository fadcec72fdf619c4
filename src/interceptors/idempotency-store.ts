/** What a store says to somebody who wants to run under a key. */
export type IdempotencyClaim =
  /** Nobody did it yet: you do. Hand `owner` to `complete` or `release`. */
  | { readonly state: 'claimed'; readonly owner: string }
  /** Somebody else is at it. */
  | { readonly state: 'running' }
  /** It was done, with this result. */
  | { readonly state: 'done'; readonly data: object }
  /** The key was used with other parameters. */
  | { readonly state: 'mismatch' };

/**
 * Remembers what was done under which key. Implement it over a database that several processes share.
 *
 * Rules: `claim` is atomic, so that of any number of callers one is told `claimed`. A claim that is neither completed nor
 * released ends after its lease. `complete` and `release` by anybody but the owner of the claim change nothing. What cannot
 * be told for sure is an error: a method that rejects keeps the stage from running.
 */
export interface IdempotencyStore {
  /**
   * @param key a fingerprint that holds tenant, pipeline, stage and the caller's key
   * @param digest a fingerprint of the parameters
   */
  claim(key: string, digest: string, leaseMs: number): Promise<IdempotencyClaim>;
  /** Keeps the result for `ttlMs`. What it gives back later must equal `data`, which is frozen. */
  complete(key: string, owner: string, data: object, ttlMs: number): Promise<void>;
  /** Lets the next one run. */
  release(key: string, owner: string): Promise<void>;
  /** Settles when a running claim may have ended, so that those who wait need not ask again and again. */
  changed?(key: string): Promise<void>;
}
