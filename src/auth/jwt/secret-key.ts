import { webcrypto } from 'node:crypto';
import type { JWTVerifyGetKey } from 'jose';

/** A secret as a key, made once for each algorithm: making it costs as much as checking a token. */
export function secretKey(bytes: Uint8Array): JWTVerifyGetKey {
  const keys = new Map<string, Promise<webcrypto.CryptoKey>>();
  return ({ alg = '' }) => {
    const known = keys.get(alg);
    if (known !== undefined) return known;
    // HS256 is HMAC with SHA-256. The header was checked: only allowed algorithms come here.
    const hash = `SHA-${alg.slice(2)}`;
    const key = webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['verify']);
    keys.set(alg, key);
    return key;
  };
}
