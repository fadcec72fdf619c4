import type { StageContext } from '../stage/index.js';

/** Who shares something: everybody of a tenant, or one caller of it. */
export const SharedBy = { Tenant: 'tenant', User: 'user' } as const;
export type SharedBy = (typeof SharedBy)[keyof typeof SharedBy];

/**
 * A key that no other tenant can come to, whatever the parts are: they cannot run into each other. Callers without a tenant
 * share one place. The tenant is that of the verified identity, never what a caller wrote into the input.
 */
export function tenantKey(ctx: StageContext, ...parts: readonly (string | null)[]): string {
  return JSON.stringify([ctx.org.tenantId ?? ctx.auth.orgId, ...parts]);
}

/** The same within one stage of one pipeline. */
export function stageKey(ctx: StageContext, ...parts: readonly (string | null)[]): string {
  return tenantKey(ctx, ctx.pipeline, ctx.stage.name, ...parts);
}

/** The caller; null for all anonymous ones. */
export function userPart({ auth }: StageContext): string | null {
  return auth.principalId === null ? null : `${auth.kind}:${auth.principalId}`;
}
