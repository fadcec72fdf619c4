import type { ErrorCode } from '../errors/index.js';

/** Why a caller was not recognised. A closed set: audit records and HTTP answers can be keyed by it. */
export const AuthFailureReason = {
  Missing: 'missing',
  TooLarge: 'too-large',
  Malformed: 'malformed',
  UnsupportedAlgorithm: 'unsupported-algorithm',
  UnknownKey: 'unknown-key',
  InvalidSignature: 'invalid-signature',
  WrongType: 'wrong-type',
  WrongIssuer: 'wrong-issuer',
  WrongAudience: 'wrong-audience',
  NotYetValid: 'not-yet-valid',
  Expired: 'expired',
  MissingClaims: 'missing-claims',
  InvalidClaims: 'invalid-claims',
  /** The token belongs to another organisation than the run was started for. */
  OrgMismatch: 'org-mismatch',
  /** The run was started with ids of another caller than the token names. */
  IdentityMismatch: 'identity-mismatch',
  /** The keys to check the token with could not be fetched. */
  KeysUnavailable: 'keys-unavailable',
  /** The verifier broke, or answered with something that is no identity. */
  VerifierFailed: 'verifier-failed',
  NotConfigured: 'not-configured',
} as const;
export type AuthFailureReason = (typeof AuthFailureReason)[keyof typeof AuthFailureReason];

interface Explanation {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
}

const ANOTHER_TOKEN = 'Get a token from the issuer that this application trusts.';
const SIGN_IN_AGAIN = 'Get a fresh token and start again.';
const CHECK_MAPPING = 'Let the issuer put it into the token, or change the claim mapping of the verifier.';

const invalid = (message: string, fix = ANOTHER_TOKEN): Explanation => ({ code: 'AUTH_TOKEN_INVALID', message, fix });

/** Fixed sentences: nothing a caller sent can get into them. */
export const EXPLANATIONS: Readonly<Record<AuthFailureReason, Explanation>> = {
  missing: {
    code: 'AUTH_TOKEN_MISSING',
    message: 'The run was started without a token.',
    fix: 'Pass the token of the caller: run(Pipeline, { token }).',
  },
  'too-large': invalid('The token is larger than allowed.', 'Send a smaller token, or raise maxTokenBytes.'),
  malformed: invalid('The token is malformed.', 'Pass the token alone, unchanged, without "Bearer " before it.'),
  'unsupported-algorithm': invalid('The token is signed with an algorithm that is not allowed.'),
  'unknown-key': invalid('The token names no key that the issuer publishes.'),
  'invalid-signature': invalid('The signature of the token does not match.'),
  'wrong-type': invalid('The token is of another type than expected.'),
  'wrong-issuer': invalid('The token comes from another issuer than expected.'),
  'wrong-audience': invalid('The token is meant for another audience.'),
  'not-yet-valid': invalid(
    'The token is not valid yet.',
    'Check the clocks of issuer and application, or allow for the skew.',
  ),
  expired: { code: 'AUTH_TOKEN_EXPIRED', message: 'The token has expired.', fix: SIGN_IN_AGAIN },
  'missing-claims': { code: 'AUTH_CLAIMS_INVALID', message: 'The token lacks a claim', fix: CHECK_MAPPING },
  'invalid-claims': {
    code: 'AUTH_CLAIMS_INVALID',
    message: 'The token holds a claim of a wrong form',
    fix: CHECK_MAPPING,
  },
  'org-mismatch': {
    code: 'TENANT_ACCESS_DENIED',
    message: 'The token belongs to another organisation than the run was started for.',
    fix: 'Start the run for the organisation of the token, or leave org out.',
  },
  'identity-mismatch': {
    code: 'RUN_INPUT_INVALID',
    message: 'The run was started with the identity of another caller than the verified one',
    fix: 'Leave userId, orgId and sessionId out of identity: they come from the caller.',
  },
  'keys-unavailable': {
    code: 'AUTH_VERIFIER_FAILED',
    message: 'The keys of the issuer could not be fetched, so no token can be checked.',
    fix: 'Check that the address of the keys answers with a JSON Web Key Set.',
  },
  'verifier-failed': {
    code: 'AUTH_VERIFIER_FAILED',
    message: 'The verifier did not say who the caller is.',
    fix: 'A verifier returns { auth: AuthContext.verified(…), org? } or throws an AuthError.',
  },
  'not-configured': {
    code: 'AUTH_NOT_CONFIGURED',
    message: 'Callers have to be verified, but no verifier is configured.',
    fix: 'Pass one: Stageflow.create(Pipeline, { verifier }).',
  },
};
