import { errors } from 'jose';
import { AuthError } from '../auth-error.js';
import { AuthFailureReason } from '../auth-failure.js';

/** By the codes of jose, not its messages. */
const REASONS: ReadonlyMap<string, AuthFailureReason> = new Map([
  [errors.JWTExpired.code, AuthFailureReason.Expired],
  [errors.JWSSignatureVerificationFailed.code, AuthFailureReason.InvalidSignature],
  [errors.JWKSNoMatchingKey.code, AuthFailureReason.UnknownKey],
  // Several keys would do, and the token names none.
  [errors.JWKSMultipleMatchingKeys.code, AuthFailureReason.UnknownKey],
  [errors.JOSEAlgNotAllowed.code, AuthFailureReason.UnsupportedAlgorithm],
  [errors.JOSENotSupported.code, AuthFailureReason.UnsupportedAlgorithm],
  [errors.JWSInvalid.code, AuthFailureReason.Malformed],
  [errors.JWTInvalid.code, AuthFailureReason.Malformed],
]);
const FAILED_CHECKS: ReadonlyMap<string, AuthFailureReason> = new Map([
  ['iss', AuthFailureReason.WrongIssuer],
  ['aud', AuthFailureReason.WrongAudience],
  ['nbf', AuthFailureReason.NotYetValid],
  ['iat', AuthFailureReason.NotYetValid],
  ['typ', AuthFailureReason.WrongType],
]);

/**
 * What an error of jose says of the token, made anew: jose attaches the claims to its errors. An error that says nothing of
 * the token is given back as it is.
 */
export function refusalOfJose(error: unknown): unknown {
  if (error instanceof errors.JWTClaimValidationFailed) return refusalOfClaim(error);
  if (!(error instanceof errors.JOSEError)) return error;
  const reason = REASONS.get(error.code);
  return reason === undefined ? error : new AuthError(reason);
}

function refusalOfClaim({ claim, reason }: errors.JWTClaimValidationFailed): AuthError {
  if (reason === 'missing') return new AuthError(AuthFailureReason.MissingClaims, { claim });
  const failed = reason === 'check_failed' ? FAILED_CHECKS.get(claim) : undefined;
  return failed === undefined ? new AuthError(AuthFailureReason.InvalidClaims, { claim }) : new AuthError(failed);
}
