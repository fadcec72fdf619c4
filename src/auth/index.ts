export * from './access/index.js';
export {
  AuthContext,
  type AuthContextInit,
  PrincipalKind,
  type ServiceAccountInit,
  type UserInit,
} from './auth-context.js';
export { AuthError, type AuthErrorFacts } from './auth-error.js';
export { AuthFailureReason } from './auth-failure.js';
export { type AuthenticatedIdentity, type AuthenticateOptions, authenticate } from './authenticate.js';
export { OrgContext, type OrgContextInit } from './org-context.js';
export { type OwnedResource, TenantDenial } from './owned-resource.js';
export { TenantAccessDeniedError } from './tenant-access-denied-error.js';
export { TenantGuard, type TenantGuardOptions, TenantMode, type TenantViolation } from './tenant-guard.js';
export type { TokenVerifier, VerificationContext, VerifiedIdentity } from './token-verifier.js';
export type { VerifierFault } from './verifier-fault.js';
