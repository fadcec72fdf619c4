// The entry for callers with JSON Web Tokens. The only one that loads jose.
export {
  type ClaimMapping,
  type ClaimPath,
  type EmailClaim,
  type ListClaim,
  ListForm,
  type ServiceAccountSign,
  type TextClaim,
} from './claims/claim-mapping.js';
export { ClaimMappings, type OwnClaims } from './claims/claim-mappings.js';
export { JwtAlgorithm } from './jwt-algorithm.js';
export type { JwtKeys, LocalKeys, PublicKey, RemoteKeys, SharedSecret } from './jwt-keys.js';
export { JwtVerifier } from './jwt-verifier.js';
export type { ClaimReader, JwtVerifierOptions } from './jwt-verifier-options.js';
