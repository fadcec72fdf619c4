import type { Clock } from '../../clock/index.js';
import type { VerifiedIdentity } from '../token-verifier.js';
import type { ClaimMapping } from './claims/claim-mapping.js';
import type { JwtAlgorithm } from './jwt-algorithm.js';
import type { JwtKeys } from './jwt-keys.js';

/** Reads an identity out of verified claims, for what no mapping can say. Throw an `AuthError` to refuse. */
export type ClaimReader = (claims: Readonly<Record<string, unknown>>) => VerifiedIdentity;

export interface JwtVerifierOptions {
  readonly keys: JwtKeys;
  /** Whose tokens are accepted: the exact `iss`, a trailing slash included. */
  readonly issuer: string | readonly string[];
  /** Whom tokens must be meant for. One of them is enough. */
  readonly audience: string | readonly string[];
  /** The claim that `audience` is looked for in, for issuers that write no `aud`. Default: `aud`. */
  readonly audienceClaim?: string;
  /**
   * What tokens may be signed with. Default: whatever fits the public key, all public-key algorithms for a key set, HS256
   * for a secret. Never `none`, and never a secret's algorithm for a public key.
   */
  readonly algorithms?: readonly JwtAlgorithm[];
  /** Where the identity is found. Default: `ClaimMappings.oidc()`. */
  readonly claims?: ClaimMapping | ClaimReader;
  /** Claims that must have exactly these values, such as `{ token_use: 'access' }`. */
  readonly expectedClaims?: Readonly<Record<string, string | number | boolean>>;
  /** The `typ` that the header must have, such as `at+jwt`. Default: any. */
  readonly tokenType?: string;
  /** How far the clocks of issuer and application may differ, in ms. Default 5,000. */
  readonly clockToleranceMs?: number;
  /** Tokens that were issued longer ago are expired, whatever they say, in ms. Then `iat` is required. Default: no limit. */
  readonly maxTokenAgeMs?: number;
  /** Longer tokens are refused unread. Default 16,384. */
  readonly maxTokenBytes?: number;
  /** What to do with keys that a token brings along (`jwk`, `jku`, `x5u`, `x5c`). They are never used. Default: refuse. */
  readonly keyHeaders?: 'refuse' | 'ignore';
  /** For tests. Default: the time of day, which also goes on while the machine sleeps. */
  readonly clock?: Clock;
}
