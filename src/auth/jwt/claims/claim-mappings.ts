import { type ClaimMapping, type ClaimPath, type EmailClaim, ListForm, type TextClaim } from './claim-mapping.js';

const VERIFIED_EMAIL: EmailClaim = { claim: 'email', verifiedBy: 'email_verified' };
const SCOPE = { claim: 'scope', form: ListForm.Spaced } as const;

/** Claims that issuers have no standard name for: name those that yours puts in. */
export interface OwnClaims {
  readonly orgId?: TextClaim;
  readonly planTier?: TextClaim;
  /** Each an array of strings. */
  readonly roles?: ClaimPath;
  readonly features?: ClaimPath;
}

function withOwn(mapping: ClaimMapping, own: OwnClaims): ClaimMapping {
  return Object.freeze({
    ...mapping,
    ...(own.orgId !== undefined && { orgId: own.orgId }),
    ...(own.planTier !== undefined && { planTier: own.planTier }),
    ...(own.roles !== undefined && { roles: [...(mapping.roles ?? []), { claim: own.roles }] }),
    ...(own.features !== undefined && { features: [{ claim: own.features }] }),
  });
}

/** How known issuers write their tokens. Each returns plain data to spread your own over. */
export const ClaimMappings = Object.freeze({
  /** OpenID Connect and JWT access tokens by the standards (RFC 9068). */
  oidc: (own: OwnClaims = {}): ClaimMapping =>
    withOwn(
      {
        userId: 'sub',
        clientId: { firstOf: ['client_id', 'azp'] },
        sessionId: 'sid',
        email: VERIFIED_EMAIL,
        roles: own.roles === undefined ? [{ claim: 'roles' }] : [],
        scopes: [SCOPE],
        serviceAccount: [
          { claim: 'sub', sameAs: 'client_id' },
          { claim: 'sub', sameAs: 'azp' },
        ],
      },
      own,
    ),

  /**
   * Auth0. Permissions (RBAC) count as scopes. Roles, plan, features come from an Action of yours that puts them under a
   * namespace: `auth0({ roles: 'https://acme.test/roles' })`.
   */
  auth0: (own: OwnClaims = {}): ClaimMapping =>
    withOwn(
      {
        userId: 'sub',
        clientId: { firstOf: ['azp', 'client_id'] },
        sessionId: 'sid',
        email: VERIFIED_EMAIL,
        orgId: 'org_id',
        scopes: [SCOPE, { claim: 'permissions' }],
        serviceAccount: [
          { claim: 'gty', equals: 'client-credentials' },
          { claim: 'sub', sameAs: 'azp', suffix: '@clients' },
          { claim: 'sub', sameAs: 'client_id', suffix: '@clients' },
        ],
      },
      own,
    ),

  /** Okta. Groups count as roles; the authorization server must be set up to send them. */
  okta: (own: OwnClaims = {}): ClaimMapping =>
    withOwn(
      {
        userId: { firstOf: ['uid', 'sub'] },
        clientId: 'cid',
        sessionId: 'sid',
        email: VERIFIED_EMAIL,
        roles: own.roles === undefined ? [{ claim: 'groups' }] : [],
        scopes: [{ claim: 'scp' }],
        serviceAccount: [
          [
            { claim: 'sub', sameAs: 'cid' },
            { claim: 'uid', absent: true },
          ],
        ],
      },
      own,
    ),

  /** Microsoft Entra ID, both token versions. App roles are roles. No address: an Entra `email` is not proved. */
  entra: (own: OwnClaims = {}): ClaimMapping =>
    withOwn(
      {
        userId: 'oid',
        clientId: { firstOf: ['azp', 'appid'] },
        sessionId: 'sid',
        orgId: 'tid',
        tenantId: 'tid',
        roles: [{ claim: 'roles' }],
        scopes: [{ claim: 'scp', form: ListForm.Spaced }],
        serviceAccount: [
          { claim: 'idtyp', equals: 'app' },
          [
            { claim: 'oid', sameAs: 'sub' },
            { claim: 'scp', absent: true },
          ],
        ],
      },
      own,
    ),

  /**
   * Keycloak. Roles are those of the realm, and those of `client` if you name one; a role that both have is one role.
   */
  keycloak: ({ client, ...own }: OwnClaims & { readonly client?: string } = {}): ClaimMapping =>
    withOwn(
      {
        userId: 'sub',
        clientId: 'azp',
        sessionId: 'sid',
        email: VERIFIED_EMAIL,
        roles: [
          { claim: ['realm_access', 'roles'] },
          ...(client === undefined ? [] : [{ claim: ['resource_access', client, 'roles'] }]),
        ],
        scopes: [SCOPE],
        // Only the tokens of service accounts carry the client's id a second time.
        serviceAccount: [
          { claim: 'client_id', sameAs: 'azp' },
          { claim: 'clientId', sameAs: 'azp' },
        ],
      },
      own,
    ),

  /**
   * Amazon Cognito. Groups are roles. Access tokens have no `aud`: verify them with `audienceClaim: 'client_id'` and
   * `expectedClaims: { token_use: 'access' }`.
   */
  cognito: (own: OwnClaims = {}): ClaimMapping =>
    withOwn(
      {
        userId: 'sub',
        clientId: 'client_id',
        sessionId: 'origin_jti',
        email: VERIFIED_EMAIL,
        roles: [{ claim: 'cognito:groups' }],
        scopes: [SCOPE],
        serviceAccount: [{ claim: 'sub', sameAs: 'client_id' }],
      },
      own,
    ),

  /** Google's own ID tokens. The organisation is the Workspace domain; consumer accounts have none. */
  google: (own: OwnClaims = {}): ClaimMapping =>
    withOwn(
      {
        userId: 'sub',
        clientId: 'azp',
        email: VERIFIED_EMAIL,
        orgId: 'hd',
        serviceAccount: [{ claim: 'sub', sameAs: 'azp' }],
      },
      own,
    ),

  /** Firebase and Identity Platform. The organisation is the tenant; roles are a custom claim that you name. */
  firebase: (own: OwnClaims = {}): ClaimMapping =>
    withOwn(
      { userId: 'sub', email: VERIFIED_EMAIL, orgId: ['firebase', 'tenant'], tenantId: ['firebase', 'tenant'] },
      own,
    ),

  /**
   * Clerk session tokens, both versions. They have no `aud` unless you add one: verify them with `audienceClaim: 'azp'`
   * and the origins of your application as `audience`.
   */
  clerk: (own: OwnClaims = {}): ClaimMapping =>
    withOwn(
      {
        userId: 'sub',
        sessionId: 'sid',
        orgId: { firstOf: [['o', 'id'], 'org_id'] },
        planTier: 'pla',
        roles: [
          { claim: ['o', 'rol'], form: ListForm.Single },
          { claim: 'org_role', form: ListForm.Single },
        ],
        scopes: [{ claim: 'org_permissions' }],
        features: [{ claim: 'fea', form: ListForm.Commas }],
      },
      own,
    ),
});
