import { AuthContext, PrincipalKind } from '../../auth-context.js';
import type { FrozenClaims } from '../../frozen-claims.js';
import { OrgContext } from '../../org-context.js';
import type { VerifiedIdentity } from '../../token-verifier.js';
import type { ClaimMapping, ServiceAccountSign, TextClaim } from './claim-mapping.js';
import { emailAt, listsAt, missingClaim, textAt, valueAt } from './claim-values.js';

/** Reads an identity out of verified claims. @throws AuthError `missing-claims` or `invalid-claims`, naming the claim. */
export function mapClaims(claims: FrozenClaims, mapping: ClaimMapping): VerifiedIdentity {
  const text = (claim: TextClaim | undefined) => (claim === undefined ? null : (textAt(claims, claim) ?? null));
  const orgId = text(mapping.orgId);
  const rights = {
    sessionId: text(mapping.sessionId),
    orgId,
    roles: listsAt(claims, mapping.roles),
    scopes: listsAt(claims, mapping.scopes),
    claims,
  };
  return {
    auth: isServiceAccount(claims, mapping)
      ? AuthContext.verified({ ...rights, kind: PrincipalKind.ServiceAccount, clientId: accountId(claims, mapping) })
      : AuthContext.verified({
          ...rights,
          userId: needed(claims, mapping.userId),
          clientId: text(mapping.clientId),
          email: mapping.email === undefined ? null : (emailAt(claims, mapping.email) ?? null),
        }),
    org: OrgContext.verified({
      orgId,
      tenantId: text(mapping.tenantId),
      planTier: text(mapping.planTier),
      features: listsAt(claims, mapping.features),
    }),
  };
}

function needed(claims: FrozenClaims, claim: TextClaim): string {
  const value = textAt(claims, claim);
  if (value === undefined) throw missingClaim(claim);
  return value;
}

function accountId(claims: FrozenClaims, { clientId, userId }: ClaimMapping): string {
  return needed(claims, clientId ?? userId);
}

function isServiceAccount(claims: FrozenClaims, { serviceAccount = [] }: ClaimMapping): boolean {
  return serviceAccount.some((signs) =>
    isSingle(signs) ? shows(claims, signs) : signs.every((sign) => shows(claims, sign)),
  );
}

function isSingle(signs: ServiceAccountSign | readonly ServiceAccountSign[]): signs is ServiceAccountSign {
  return !Array.isArray(signs);
}

function shows(claims: FrozenClaims, sign: ServiceAccountSign): boolean {
  const value = valueAt(claims, sign.claim);
  if ('absent' in sign) return value === undefined;
  if ('equals' in sign) return value === sign.equals;
  const other = valueAt(claims, sign.sameAs);
  return typeof value === 'string' && typeof other === 'string' && value === `${other}${sign.suffix ?? ''}`;
}
