import { createPublicKey, type KeyObject } from 'node:crypto';
import { types } from 'node:util';
import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from 'jose';
import { isRecord } from '../frozen-claims.js';
import { ASYMMETRIC, BY_KEY_TYPE, JwtAlgorithm, SECRET_BYTES } from './jwt-algorithm.js';
import type { OptionProblems } from './option-problems.js';
import { readRemoteKeys } from './remote-keys.js';
import { secretKey } from './secret-key.js';

/** What checks a token. */
export interface VerificationKeys {
  readonly key: KeyObject | JWTVerifyGetKey;
  /** Whether it is a secret, which also signs. */
  readonly secret: boolean;
  /** What the key can check at all. */
  readonly usable: readonly JwtAlgorithm[];
  /** What is allowed unless the options say otherwise. */
  readonly allowed: readonly JwtAlgorithm[];
  /** How the one key there is, is called. A token that names another is refused. */
  readonly kid?: string;
}

const SOURCES = ['jwksUrl', 'jwks', 'publicKey', 'secret'] as const;
const RSA_BITS = 2_048;
const ONE_SOURCE = 'Give exactly one of jwksUrl, jwks, publicKey, secret.';
const PUBLIC_KEY = 'Give a public key as PEM, JWK or KeyObject.';

/** `undefined` if a problem was found. */
export function readKeys(keys: unknown, problems: OptionProblems): VerificationKeys | undefined {
  const given = isRecord(keys) ? SOURCES.filter((source) => keys[source] !== undefined) : [];
  const [source] = given;
  if (!isRecord(keys) || source === undefined || given.length > 1) {
    problems.add('keys', given.length > 1 ? `holds ${given.join(' and ')}` : 'names no source of keys', ONE_SOURCE);
    return undefined;
  }
  switch (source) {
    case 'secret':
      return readSecret(keys.secret, problems);
    case 'publicKey':
      return readPublicKey(keys.publicKey, problems);
    case 'jwks':
      return readKeySet(keys.jwks, problems);
    case 'jwksUrl': {
      const key = readRemoteKeys(keys, problems);
      return key && { key, secret: false, usable: ASYMMETRIC, allowed: ASYMMETRIC };
    }
  }
}

function readSecret(secret: unknown, problems: OptionProblems): VerificationKeys | undefined {
  const isText = typeof secret === 'string';
  if (!isText && !(secret instanceof Uint8Array)) {
    problems.add('keys.secret', 'is neither text nor bytes', 'Give the secret as string or Uint8Array.');
    return undefined;
  }
  const bytes = isText ? new TextEncoder().encode(secret) : Uint8Array.from(secret);
  if (Buffer.from(bytes).includes('-----BEGIN')) {
    problems.add('keys.secret', 'holds a PEM key', 'Give public keys as publicKey: as a secret, everyone knows them.');
    return undefined;
  }
  const usable = [...SECRET_BYTES].filter(([, least]) => bytes.byteLength >= least).map(([algorithm]) => algorithm);
  if (usable.length === 0) {
    problems.add('keys.secret', 'is shorter than 32 bytes', 'Make a random one, for example with randomBytes(64).');
    return undefined;
  }
  return { key: secretKey(bytes), secret: true, usable, allowed: [JwtAlgorithm.HS256] };
}

function readPublicKey(given: unknown, problems: OptionProblems): VerificationKeys | undefined {
  const key = isPrivate(given) ? 'private' : importKey(given);
  if (key === undefined) {
    problems.add('keys.publicKey', 'cannot be read as a public key', PUBLIC_KEY);
  } else if (key === 'private') {
    problems.add('keys.publicKey', 'is a private or secret key', `${PUBLIC_KEY} Whoever checks tokens must not sign.`);
  } else {
    return checkPublicKey(key, given, problems);
  }
  return undefined;
}

function checkPublicKey(key: KeyObject, given: unknown, problems: OptionProblems): VerificationKeys | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const usable = BY_KEY_TYPE.get(type === 'ec' ? `ec ${details?.namedCurve}` : `${type}`);
  if (usable === undefined) {
    problems.add(
      'keys.publicKey',
      'is of a type that no algorithm uses',
      'Give an RSA, P-256, P-384, P-521 or Ed25519 key.',
    );
    return undefined;
  }
  if ((details?.modulusLength ?? RSA_BITS) < RSA_BITS) {
    problems.add('keys.publicKey', `has fewer than ${RSA_BITS} bits`, 'Let the issuer make a longer key.');
    return undefined;
  }
  const { alg, kid, use } = isRecord(given) ? given : {};
  if (use !== undefined && use !== 'sig') {
    problems.add('keys.publicKey', 'is meant for something else than signatures', 'Give the key with use: "sig".');
    return undefined;
  }
  const named = alg === undefined ? usable : usable.filter((algorithm) => algorithm === alg);
  if (named.length === 0) {
    problems.add(
      'keys.publicKey',
      'names an algorithm of another type of key',
      'Correct alg of the JWK, or remove it.',
    );
    return undefined;
  }
  return { key, secret: false, usable: named, allowed: named, ...(typeof kid === 'string' && { kid }) };
}

function isPrivate(given: unknown): boolean {
  if (typeof given === 'string') return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(given);
  if (types.isKeyObject(given)) return given.type !== 'public';
  return isRecord(given) && (given.d !== undefined || given.k !== undefined || given.kty === 'oct');
}

function importKey(given: unknown): KeyObject | undefined {
  if (types.isKeyObject(given)) return given;
  try {
    if (typeof given === 'string') return createPublicKey(given);
    return isRecord(given) ? createPublicKey({ key: given, format: 'jwk' }) : undefined;
  } catch {
    return undefined; // the reason may quote the key
  }
}

function readKeySet(jwks: unknown, problems: OptionProblems): VerificationKeys | undefined {
  const keys = isRecord(jwks) && Array.isArray(jwks.keys) ? jwks.keys : [];
  if (keys.length === 0 || !keys.every(isRecord)) {
    problems.add('keys.jwks', 'is no JSON Web Key Set with keys', 'Give { keys: [ … ] }.');
    return undefined;
  }
  if (keys.some(isPrivate)) {
    problems.add(
      'keys.jwks',
      'holds a private or secret key',
      'Give public keys only. Whoever checks tokens must not sign.',
    );
    return undefined;
  }
  try {
    const key = createLocalJWKSet({ keys: keys as JWK[] });
    return { key, secret: false, usable: ASYMMETRIC, allowed: ASYMMETRIC };
  } catch {
    problems.add('keys.jwks', 'cannot be read', 'Give { keys: [ … ] } as plain JSON data.');
    return undefined;
  }
}
