/*
 * What is checked of a token before its key is looked up: its outer form and its header.
 *
 * Invariants
 *  1. A token has one spelling: three parts in canonical base64url, no key twice.
 *  2. The header chooses among what the options allow, and nothing else: no algorithm, no key and no extension of its own.
 */
import { AuthError } from '../auth-error.js';
import { AuthFailureReason } from '../auth-failure.js';
import { isRecord } from '../frozen-claims.js';
import { hasRepeatedKeys } from './repeated-keys.js';

export interface HeaderRules {
  readonly algorithms: ReadonlySet<string>;
  /** How the only key is called, if it has a name. */
  readonly kid: string | undefined;
  /** Whether keys that the token brings along refuse it, instead of being ignored. */
  readonly refuseKeyHeaders: boolean;
}

const LONGEST_KID = 256;
const KEY_HEADERS = ['jwk', 'jku', 'x5u', 'x5c'];
/** Extensions, compression, unencoded payloads, nested tokens: none is understood here. */
const EXTENSIONS = ['crit', 'zip', 'b64', 'cty', 'enc'];
/** A byte order mark is no JSON. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @returns the payload part, whose signature is not checked yet. @throws AuthError */
export function checkHeader(token: string, rules: HeaderRules): string {
  const [headerPart, payloadPart, signaturePart, ...more] = token.split('.');
  if (headerPart === undefined || payloadPart === undefined || signaturePart === undefined || more.length > 0) {
    throw malformed();
  }
  const header = readObject(headerPart);
  if (typeof header.alg !== 'string') throw malformed();
  if (!rules.algorithms.has(header.alg)) throw new AuthError(AuthFailureReason.UnsupportedAlgorithm);
  if (EXTENSIONS.some((name) => Object.hasOwn(header, name))) throw malformed();
  if (rules.refuseKeyHeaders && KEY_HEADERS.some((name) => Object.hasOwn(header, name))) throw malformed();
  checkKid(header, rules.kid);
  if (!isCanonical(payloadPart) || !isCanonical(signaturePart)) throw malformed();
  return payloadPart;
}

/** @throws AuthError `malformed` unless the part is one JSON object, written in one way only. */
export function readObject(part: string): Record<string, unknown> {
  if (!isCanonical(part)) throw malformed();
  let value: unknown;
  let text: string;
  try {
    text = decoder.decode(Buffer.from(part, 'base64url'));
    value = JSON.parse(text);
  } catch {
    throw malformed();
  }
  if (!isRecord(value) || hasRepeatedKeys(text)) throw malformed();
  return value;
}

function checkKid(header: Record<string, unknown>, known: string | undefined): void {
  if (!Object.hasOwn(header, 'kid')) return;
  const { kid } = header;
  if (typeof kid !== 'string' || kid === '' || kid.length > LONGEST_KID) throw malformed();
  if (known !== undefined && kid !== known) throw new AuthError(AuthFailureReason.UnknownKey);
}

/** Decoders forgive padding, other alphabets and spare bits; then one signature belongs to many texts. */
function isCanonical(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part;
}

function malformed(): AuthError {
  return new AuthError(AuthFailureReason.Malformed);
}
