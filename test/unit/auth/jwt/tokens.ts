/* Keys, tokens and verifiers for the tests: made once, with everything about a token open to tampering. */
import {
  createHmac,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  type KeyPairKeyObjectResult,
  constants as rsa,
  sign,
} from 'node:crypto';
import { ClaimMappings, JwtVerifier, type JwtVerifierOptions } from '../../../../src/auth/jwt/index.js';
import type { Clock } from '../../../../src/clock/index.js';

/** Seconds since 1970, as in tokens. */
export const NOW = 1_800_000_000;
export const ISSUER = 'https://issuer.test/';
export const AUDIENCE = 'https://api.test';
/** In every token; must never be found in an error. */
export const CANARY = 'canary-5f2c9d';

export function clockAt(seconds: number): Clock {
  return { now: () => 0, toEpochMs: () => seconds * 1_000, setTimer: () => ({ clear: () => {} }) };
}

const pair = (make: () => KeyPairKeyObjectResult) => make();
export const KEYS = {
  rsa: pair(() => generateKeyPairSync('rsa', { modulusLength: 2_048 })),
  otherRsa: pair(() => generateKeyPairSync('rsa', { modulusLength: 2_048 })),
  p256: pair(() => generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  otherP256: pair(() => generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  p384: pair(() => generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  p521: pair(() => generateKeyPairSync('ec', { namedCurve: 'P-521' })),
  ed25519: pair(() => generateKeyPairSync('ed25519')),
} as const;
export const SECRET = 'a-shared-secret-of-sixty-four-bytes-for-every-hmac-there-is-0123';

export const PEM = KEYS.rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();

export function jwkOf(key: KeyObject, more: JsonWebKey = {}): JsonWebKey {
  return { ...key.export({ format: 'jwk' }), ...more };
}

export const SET = {
  keys: [
    jwkOf(KEYS.rsa.publicKey, { kid: 'rsa-1', use: 'sig' }),
    jwkOf(KEYS.p256.publicKey, { kid: 'p256-1', use: 'sig', alg: 'ES256' }),
    jwkOf(KEYS.ed25519.publicKey, { kid: 'ed-1', use: 'sig' }),
  ],
};

export const CLAIMS: Readonly<Record<string, unknown>> = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: `user-${CANARY}`,
  sid: 'session-1',
  azp: 'web-app',
  iat: NOW - 60,
  exp: NOW + 600,
};

/** Bytes of a signature, for any algorithm and any key: right or wrong. */
export function signatureOf(alg: string, key: KeyObject | string | Uint8Array, data: string): Buffer {
  const hash = `sha${alg.slice(2)}`;
  const bytes = Buffer.from(data);
  switch (alg.slice(0, 2)) {
    case 'HS':
      return createHmac(hash, key as string)
        .update(bytes)
        .digest();
    case 'RS':
      return sign(hash, bytes, key as KeyObject);
    case 'PS': {
      const saltLength = rsa.RSA_PSS_SALTLEN_DIGEST;
      return sign(hash, bytes, { key: key as KeyObject, padding: rsa.RSA_PKCS1_PSS_PADDING, saltLength });
    }
    case 'ES':
      return sign(hash, bytes, { key: key as KeyObject, dsaEncoding: 'ieee-p1363' });
    default:
      return sign(null, bytes, key as KeyObject);
  }
}

export const encode = (text: string | Uint8Array): string => Buffer.from(text).toString('base64url');

export interface Draft {
  readonly alg?: string;
  readonly key?: KeyObject | string | Uint8Array;
  /** Over `{ alg, typ: 'JWT' }`; as text it is taken as it is. */
  readonly header?: Readonly<Record<string, unknown>> | string | Uint8Array;
  /** Over CLAIMS; as text it is taken as it is. A claim that is `undefined` is left out. */
  readonly claims?: Readonly<Record<string, unknown>> | string | Uint8Array;
  /** Computed with this algorithm, whatever the header says. */
  readonly signAs?: string;
  readonly signature?: Uint8Array;
}

const isRaw = (value: unknown): value is string | Uint8Array =>
  typeof value === 'string' || value instanceof Uint8Array;

/** A signed token; RS256 by the right key unless the draft says otherwise. */
export function mint(draft: Draft = {}): string {
  const { alg = 'RS256', key = KEYS.rsa.privateKey, header = {}, claims = {}, signAs = alg } = draft;
  const head = isRaw(header) ? header : JSON.stringify({ alg, typ: 'JWT', ...header });
  const body = isRaw(claims) ? claims : JSON.stringify({ ...CLAIMS, ...claims });
  const input = `${encode(head)}.${encode(body)}`;
  return `${input}.${encode(draft.signature ?? signatureOf(signAs, key, input))}`;
}

export function verifier(options: Partial<JwtVerifierOptions> = {}): JwtVerifier {
  return new JwtVerifier({
    keys: { publicKey: PEM },
    issuer: ISSUER,
    audience: AUDIENCE,
    clock: clockAt(NOW),
    clockToleranceMs: 0,
    claims: ClaimMappings.oidc({ features: 'features', orgId: 'org', planTier: 'plan' }),
    ...options,
  } as JwtVerifierOptions);
}

export const VERIFIERS = {
  rsa: verifier(),
  rs256: verifier({ algorithms: ['RS256'] }),
  jwk: verifier({ keys: { publicKey: SET.keys[0]! } }),
  set: verifier({ keys: { jwks: SET } }),
  p256: verifier({ keys: { publicKey: KEYS.p256.publicKey } }),
  ed25519: verifier({ keys: { publicKey: KEYS.ed25519.publicKey } }),
  secret: verifier({ keys: { secret: SECRET } }),
  lenient: verifier({ keyHeaders: 'ignore' }),
  typed: verifier({ tokenType: 'at+jwt' }),
  tolerant: verifier({ clockToleranceMs: 5_000 }),
  aged: verifier({ maxTokenAgeMs: 60_000 }),
  client: verifier({ audienceClaim: 'client_id', audience: ['app-1', 'app-2'] }),
  expecting: verifier({ expectedClaims: { token_use: 'access', level: 2 } }),
} as const;
