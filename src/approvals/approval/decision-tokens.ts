/*
 * Signed tokens that name an approver, a request and what may be decided, for links and webhooks.
 *
 * A token is no authority of its own. It stands for signing in: whoever holds it is taken for the approver it names, whose
 * present identity is then looked up and asked of the policy, as if they had decided themselves. It says nothing after the
 * request has ended, so it can be used once.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { demand, tokenRefused } from './approval-errors.js';
import type { Principal } from './decider.js';

/** What a token may decide. Input is edited by identity only. */
export type TokenAction = 'approve' | 'deny';

export interface TokenKey {
  /** Stands in the token, so that keys can be replaced: the first one signs, all verify. */
  readonly id: string;
  /** At least 32 bytes from a secure source. */
  readonly secret: string | Uint8Array;
}

export interface DecisionTokenOptions {
  readonly keys: readonly TokenKey[];
  /** Which service the tokens are for; tokens for another one are refused. */
  readonly audience: string;
}

/** What a token says. */
export interface TokenClaims {
  readonly requestId: string;
  readonly inputDigest: string;
  readonly toolFingerprint: string;
  readonly tenant: string | null;
  readonly approver: Principal;
  readonly actions: readonly TokenAction[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const PREFIX = 'sfa1';
const LEAST_SECRET_BYTES = 32;
const LONGEST_TOKEN = 4_096;

export class DecisionTokens {
  readonly #keys: ReadonlyMap<string, Uint8Array>;
  readonly #signing: string;
  readonly #audience: string;

  /** @throws APPROVAL_OPTION_INVALID without a key, or with one that is too short */
  constructor({ keys, audience }: DecisionTokenOptions) {
    demand(Array.isArray(keys) && keys.length > 0, 'tokens.keys', 'a list of at least one key');
    demand(typeof audience === 'string' && audience !== '', 'tokens.audience', 'the name of this service');
    this.#keys = new Map(keys.map(({ id, secret }) => [id, readSecret(id, secret)]));
    demand(this.#keys.size === keys.length, 'tokens.keys', 'keys with ids of their own');
    this.#signing = (keys[0] as TokenKey).id;
    this.#audience = audience;
  }

  sign(claims: TokenClaims): string {
    const { requestId, inputDigest, toolFingerprint, tenant, approver, actions, expiresAt } = claims;
    const body = [this.#audience, requestId, inputDigest, toolFingerprint, tenant];
    const fields = [this.#signing, ...body, approver.kind, approver.id, actions, expiresAt];
    const payload = Buffer.from(JSON.stringify(fields)).toString('base64url');
    return `${PREFIX}.${payload}.${this.#mac(this.#signing, payload).toString('base64url')}`;
  }

  /** @throws APPROVAL_TOKEN_INVALID unless it is one that `sign` made, for this audience, and not expired by then */
  read(token: unknown, now: number): TokenClaims {
    if (typeof token !== 'string' || token.length > LONGEST_TOKEN) throw tokenRefused('it is no token');
    const [prefix, payload = '', mac = '', ...rest] = token.split('.');
    if (prefix !== PREFIX || rest.length > 0) throw tokenRefused('it is no token');
    const [bytes, given] = [decoded(payload), decoded(mac)];
    if (bytes === null || given === null) throw tokenRefused('it is no token');
    // The id of the key is read before it is verified, to choose the key and for nothing else.
    const fields = parsed(bytes);
    const keyId = fields?.[0];
    if (fields === null || typeof keyId !== 'string' || !this.#keys.has(keyId))
      throw tokenRefused('its key is unknown');
    const expected = this.#mac(keyId, payload);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw tokenRefused('it is not signed');
    return this.#claimsOf(fields, now);
  }

  /** Of fields that were signed with a key of ours. */
  #claimsOf(fields: readonly unknown[], now: number): TokenClaims {
    const [, audience, requestId, inputDigest, toolFingerprint, tenant, kind, id, actions, expiresAt] = fields;
    if (audience !== this.#audience) throw tokenRefused('it is for another service');
    if (!(typeof expiresAt === 'number' && now < expiresAt)) throw tokenRefused('it has expired');
    const approver = { kind, id };
    const claims = { requestId, inputDigest, toolFingerprint, tenant, approver, actions, expiresAt };
    return claims as TokenClaims; // what was signed has this form
  }

  #mac(keyId: string, payload: string): Buffer {
    const secret = this.#keys.get(keyId) as Uint8Array;
    return createHmac('sha256', secret).update(`${PREFIX}.${payload}`).digest();
  }
}

function readSecret(id: unknown, secret: unknown): Uint8Array {
  demand(typeof id === 'string' && id !== '', 'tokens.keys', 'keys with an id');
  const isSecret = typeof secret === 'string' || secret instanceof Uint8Array;
  demand(isSecret, 'tokens.keys', 'keys with a secret');
  const bytes = Buffer.from(secret as string);
  demand(
    bytes.length >= LEAST_SECRET_BYTES,
    'tokens.keys',
    `keys with a secret of at least ${LEAST_SECRET_BYTES} bytes`,
  );
  return bytes;
}

/** Null unless there is exactly one text for these bytes: no second spelling of a token is one. */
function decoded(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length > 0 && bytes.toString('base64url') === text ? bytes : null;
}

function parsed(bytes: Buffer): readonly unknown[] | null {
  try {
    const fields: unknown = JSON.parse(bytes.toString('utf8'));
    return Array.isArray(fields) ? fields : null;
  } catch {
    return null;
  }
}
