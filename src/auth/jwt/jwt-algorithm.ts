/** The signature algorithms that can be allowed. `none` is not one of them. */
export const JwtAlgorithm = {
  HS256: 'HS256',
  HS384: 'HS384',
  HS512: 'HS512',
  RS256: 'RS256',
  RS384: 'RS384',
  RS512: 'RS512',
  PS256: 'PS256',
  PS384: 'PS384',
  PS512: 'PS512',
  ES256: 'ES256',
  ES384: 'ES384',
  ES512: 'ES512',
  EdDSA: 'EdDSA',
  Ed25519: 'Ed25519',
} as const;
export type JwtAlgorithm = (typeof JwtAlgorithm)[keyof typeof JwtAlgorithm];

const { HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519 } =
  JwtAlgorithm;

/** A secret must be at least as long as the hash it keys (RFC 7518, 3.2). */
export const SECRET_BYTES: ReadonlyMap<JwtAlgorithm, number> = new Map([
  [HS256, 32],
  [HS384, 48],
  [HS512, 64],
]);

/** What a key can check, by type and curve as Node names them. A key is never used with an algorithm of another family. */
export const BY_KEY_TYPE: ReadonlyMap<string, readonly JwtAlgorithm[]> = new Map([
  ['rsa', [RS256, RS384, RS512, PS256, PS384, PS512]],
  ['rsa-pss', [PS256, PS384, PS512]],
  ['ec prime256v1', [ES256]],
  ['ec secp384r1', [ES384]],
  ['ec secp521r1', [ES512]],
  ['ed25519', [EdDSA, Ed25519]],
]);

/** What a key set may hold: public keys of any type. */
export const ASYMMETRIC: readonly JwtAlgorithm[] = [...new Set([...BY_KEY_TYPE.values()].flat())];
