import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';

export interface TestTokensOptions {
  /** Default `https://issuer.test/`. */
  readonly issuer?: string;
  /** Default `https://api.test`. */
  readonly audience?: string;
}

/** Seconds that a token is valid unless its claims say otherwise. */
const VALID_FOR_S = 300;
const KEY_ID = 'test-key';

/**
 * An issuer of your own for tests: signs real tokens with a key pair that is made for it. Give its public half to the
 * verifier: `new JwtVerifier({ ...tokens.trust, claims: ClaimMappings.oidc() })`.
 */
export class TestTokens {
  readonly issuer: string;
  readonly audience: string;
  /** What an issuer publishes, for a server of your own to answer with. */
  readonly jwks: { readonly keys: readonly (JsonWebKey & { readonly kty: string })[] };
  readonly #key: KeyObject;

  constructor({ issuer = 'https://issuer.test/', audience = 'https://api.test' }: TestTokensOptions = {}) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.issuer = issuer;
    this.audience = audience;
    this.#key = privateKey;
    this.jwks = {
      keys: [{ ...publicKey.export({ format: 'jwk' }), kty: 'EC', kid: KEY_ID, use: 'sig', alg: 'ES256' }],
    };
  }

  /** The options of a JwtVerifier that accepts these tokens. */
  get trust(): { readonly keys: Pick<TestTokens, 'jwks'>; readonly issuer: string; readonly audience: string } {
    return { keys: { jwks: this.jwks }, issuer: this.issuer, audience: this.audience };
  }

  /** A signed token with these claims; `iss`, `aud`, `iat` and `exp` are filled in, and left out where you say undefined. */
  sign(claims: Readonly<Record<string, unknown>>): string {
    const now = Math.floor(Date.now() / 1_000);
    const { issuer: iss, audience: aud } = this;
    const parts = [
      { alg: 'ES256', typ: 'JWT', kid: KEY_ID },
      { iss, aud, iat: now, exp: now + VALID_FOR_S, ...claims },
    ];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = sign('sha256', Buffer.from(signed), { key: this.#key, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }
}
