import type { AuthContext } from './auth-context.js';
import type { OrgContext } from './org-context.js';

/** Who a token stands for. */
export interface VerifiedIdentity {
  readonly auth: AuthContext;
  /** Default: the organisation that `auth` names, without plan and features. */
  readonly org?: OrgContext;
}

export interface VerificationContext {
  /** Aborts when nobody waits for the answer any more. Hand it to whatever waits. */
  readonly signal: AbortSignal;
}

/**
 * Implement it to recognise callers by other tokens than JWTs: sessions, API keys, introspection.
 *
 * - Return who the caller is, made with `AuthContext.verified`.
 * - Throw an `AuthError` to refuse. Anything else thrown or returned counts as `verifier-failed`, and refuses too.
 * - One instance serves all runs at once.
 */
export interface TokenVerifier {
  /** @param token not empty, printable ASCII without blanks, not above the size limit */
  verify(token: string, context: VerificationContext): VerifiedIdentity | Promise<VerifiedIdentity>;
}
