/*
 * The one way from a token to an identity.
 *
 * Invariants
 *  1. It ends in a frozen, well-formed identity of a recognised caller, or in an AuthError. Nothing else.
 *  2. Nothing of the token gets into the error: not its text, not its parts, not what the verifier threw.
 *  3. An identity speaks of one organisation.
 */
import { AuthContext } from './auth-context.js';
import { AuthError, type AuthErrorFacts } from './auth-error.js';
import { AuthFailureReason } from './auth-failure.js';
import { OrgContext } from './org-context.js';
import type { TokenVerifier, VerifiedIdentity } from './token-verifier.js';
import { faultOfThrown, verifierName } from './verifier-fault.js';

export interface AuthenticateOptions {
  /** Handed to the verifier. */
  readonly signal?: AbortSignal;
  /** A longer token is refused unread. Default 16,384. */
  readonly maxTokenBytes?: number;
  /** The organisation that the run was asked for. A token of another one is refused. */
  readonly requestedOrg?: OrgContext;
  /** Told what the verifier threw, unchanged: it may hold the token. For debugging; what it throws is ignored. */
  readonly onVerifierFault?: (thrown: unknown) => void;
}

/** A recognised caller. */
export type AuthenticatedIdentity = Readonly<Required<VerifiedIdentity>>;

const MAX_TOKEN_BYTES = 16_384;
/** Printable ASCII without blanks: what can stand in an Authorization header after the scheme. */
const TOKEN_TEXT = /^[\x21-\x7e]+$/;

/**
 * Recognises a caller. It sets no limit of time: the verifier is told by `signal` when to stop.
 *
 * @throws AuthError with the reason, whatever the verifier did.
 */
export async function authenticate(
  verifier: TokenVerifier | undefined,
  token: unknown,
  options: AuthenticateOptions = {},
): Promise<AuthenticatedIdentity> {
  if (verifier === undefined || verifier === null) throw new AuthError(AuthFailureReason.NotConfigured);
  const text = readToken(token, options.maxTokenBytes ?? MAX_TOKEN_BYTES);
  let answer: unknown;
  try {
    answer = await verifier.verify(text, { signal: options.signal ?? new AbortController().signal });
  } catch (thrown) {
    throw refusalOf(verifier, text, thrown, options);
  }
  const identity = readIdentity(answer);
  if (identity === undefined) throw noIdentity(verifier);
  requireOneOrg(identity, options.requestedOrg);
  return identity;
}

function readToken(token: unknown, maxTokenBytes: number): string {
  if (token === undefined || token === null || token === '') throw new AuthError(AuthFailureReason.Missing);
  if (typeof token !== 'string') throw new AuthError(AuthFailureReason.Malformed);
  // Counted in UTF-16 units, which are bytes in every token that passes the next line.
  if (!(token.length <= maxTokenBytes)) throw new AuthError(AuthFailureReason.TooLarge);
  if (!TOKEN_TEXT.test(token)) throw new AuthError(AuthFailureReason.Malformed);
  return token;
}

/** Made anew, also from an AuthError: its message, its properties and its stack are the verifier's. */
function refusalOf(verifier: TokenVerifier, token: string, thrown: unknown, options: AuthenticateOptions): AuthError {
  const parts = AuthError.partsOf(thrown);
  if (parts !== undefined) return new AuthError(parts.reason, factsWithout(token, parts.facts, verifier));
  tell(options.onVerifierFault, thrown);
  return new AuthError(AuthFailureReason.VerifierFailed, { fault: faultOfThrown(verifier, thrown) });
}

/** Whoever listens must not turn a refusal into something else, neither now nor later. */
function tell(listener: ((thrown: unknown) => unknown) | undefined, thrown: unknown): void {
  try {
    Promise.resolve(listener?.(thrown)).catch(() => {});
  } catch {
    // It threw at once.
  }
}

/** Names are short and may occur in a token by chance; the token, or a piece of it, is no name. */
const LONGEST_CHANCE = 15;

function factsWithout(token: string, { claim, fault }: AuthErrorFacts, verifier: TokenVerifier): AuthErrorFacts {
  const named = typeof claim === 'string' && isClaimName(claim, token);
  return {
    ...(named ? { claim } : {}),
    ...(fault === undefined ? {} : { fault: faultOfThrown(verifier, { code: fault.systemCode }) }),
  };
}

function isClaimName(claim: string, token: string): boolean {
  return !claim.includes(token) && (claim.length <= LONGEST_CHANCE || !token.includes(claim));
}

/** `undefined` unless both halves were made by their classes, and the caller is someone. Reads each half once. */
function readIdentity(answer: unknown): AuthenticatedIdentity | undefined {
  try {
    const { auth, org } = answer as { readonly auth?: unknown; readonly org?: unknown };
    if (!AuthContext.is(auth) || !auth.authenticated) return undefined;
    if (org === undefined) return Object.freeze({ auth, org: OrgContext.verified({ orgId: auth.orgId }) });
    return OrgContext.is(org) ? Object.freeze({ auth, org }) : undefined;
  } catch {
    return undefined; // null, or something that refuses to be looked at
  }
}

function noIdentity(verifier: TokenVerifier): AuthError {
  const fault = { verifier: verifierName(verifier), problem: 'returned something that is no identity' };
  return new AuthError(AuthFailureReason.VerifierFailed, { fault });
}

function requireOneOrg({ auth, org }: AuthenticatedIdentity, requested: OrgContext | undefined): void {
  const asked = requested?.orgId ?? null;
  if (auth.orgId !== org.orgId || (asked !== null && asked !== org.orgId)) {
    throw new AuthError(AuthFailureReason.OrgMismatch);
  }
}
