import { AuthContext, OrgContext, PrincipalKind } from '../../auth/index.js';

/** Somebody who asks for, decides or undoes something: an identity that a verifier made, never one that a caller sent. */
export interface Decider {
  readonly auth: AuthContext;
  readonly org?: OrgContext;
}

/** Who somebody is, as records keep it. */
export interface Principal {
  readonly kind: string;
  readonly id: string;
}

/** Null for anonymous callers. */
export function principalOf(auth: AuthContext): Principal | null {
  const id = auth.kind === PrincipalKind.Anonymous ? null : auth.principalId;
  return id === null ? null : { kind: auth.kind, id };
}

/** A user and a service account of one name are two; nobody is the same as somebody unknown. */
export function isSame(one: Principal | null, other: Principal | null): boolean {
  return one !== null && other !== null && one.kind === other.kind && one.id === other.id;
}

/**
 * Whose tenant somebody acts in.
 * @returns undefined if that cannot be trusted: no genuine identity, or one that contradicts itself
 */
export function tenantOf(by: Decider): string | null | undefined {
  const { auth, org } = by ?? {};
  if (!AuthContext.is(auth) || !(org === undefined || OrgContext.is(org))) return undefined;
  const [own, given] = [auth.orgId, org?.orgId ?? null];
  if (own !== null && given !== null && own !== given) return undefined;
  return given ?? own;
}
