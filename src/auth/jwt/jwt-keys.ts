import type { KeyObject } from 'node:crypto';
import type { JWK } from 'jose';

/** The keys that the issuer publishes at an address. They are fetched when first needed, and again when they change. */
export interface RemoteKeys {
  /** https, or http on this machine. Redirects are not followed. */
  readonly jwksUrl: string | URL;
  /** Keys are fetched again once they are older, in ms. Default 600,000. */
  readonly cacheMaxAgeMs?: number;
  /** A token with an unknown key makes the keys be fetched again, at most once in this time, in ms. Default 30,000. */
  readonly cooldownMs?: number;
  /** Fetching fails after this time, in ms. Default 5,000. */
  readonly timeoutMs?: number;
  /** After fetching failed, and without keys that are young enough, tokens are refused at once for this time, in ms. Default 1,000. */
  readonly retryAfterMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A set of public keys that is at hand. */
export interface LocalKeys {
  readonly jwks: { readonly keys: readonly JWK[] };
}

/** One public key: PEM, JWK, or a Node `KeyObject`. */
export interface PublicKey {
  readonly publicKey: string | JWK | KeyObject;
}

/** A secret shared with the issuer, of at least 32, 48 or 64 bytes for HS256, HS384, HS512. */
export interface SharedSecret {
  readonly secret: string | Uint8Array;
}

/** How tokens are checked: by exactly one of these. */
export type JwtKeys = RemoteKeys | LocalKeys | PublicKey | SharedSecret;
