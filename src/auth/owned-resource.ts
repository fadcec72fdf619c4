/** What belongs to an organisation: its id alone, or anything that carries it. */
export type OwnedResource = string | { readonly orgId?: string | null; readonly shared?: boolean };

/** Why a resource is out of reach. */
export const TenantDenial = {
  /** The caller belongs to no organisation. */
  NoOrg: 'no-org',
  /** The resource belongs to another organisation. */
  OtherOrg: 'other-org',
  /** The resource names no organisation and is not marked as shared. */
  Unowned: 'unowned',
  /** The resource cannot be read, or carries something that is no organisation id. */
  Unreadable: 'unreadable',
} as const;
export type TenantDenial = (typeof TenantDenial)[keyof typeof TenantDenial];

/** `null` if the organisation may use the resource. Reads each property once, so that a getter cannot change its mind. */
export function tenantDenialOf(callerOrgId: string | null, resource: unknown): TenantDenial | null {
  if (callerOrgId === null) return TenantDenial.NoOrg;
  const owner = ownerOf(resource);
  if (owner === undefined) return TenantDenial.Unreadable;
  if (owner.shared) return null;
  if (owner.orgId === null) return TenantDenial.Unowned;
  return owner.orgId === callerOrgId ? null : TenantDenial.OtherOrg;
}

function ownerOf(resource: unknown): { readonly orgId: string | null; readonly shared: boolean } | undefined {
  if (typeof resource === 'string') return { orgId: resource === '' ? null : resource, shared: false };
  if (typeof resource !== 'object' || resource === null) return undefined;
  try {
    const { orgId = null, shared = false } = resource as { orgId?: unknown; shared?: unknown };
    if (orgId !== null && typeof orgId !== 'string') return undefined;
    if (typeof shared !== 'boolean') return undefined;
    return { orgId: orgId === '' ? null : orgId, shared };
  } catch {
    return undefined;
  }
}
