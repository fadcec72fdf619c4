import type { OrgContext } from './org-context.js';
import { type OwnedResource, type TenantDenial, tenantDenialOf } from './owned-resource.js';
import { TenantAccessDeniedError } from './tenant-access-denied-error.js';

export const TenantMode = { Strict: 'strict', Record: 'record' } as const;
export type TenantMode = (typeof TenantMode)[keyof typeof TenantMode];

export interface TenantViolation {
  readonly reason: TenantDenial;
  /** What was reached for, in the program's own words. */
  readonly subject: string;
}

export interface TenantGuardOptions {
  /** `strict`, the default, throws; `record` lets through and keeps a list, to see what a migration would break. */
  readonly mode?: TenantMode;
}

/** Watches everything that one run reaches for. One per run: nothing is shared between guards. */
export class TenantGuard {
  readonly #org: OrgContext;
  readonly #recording: boolean;
  readonly #violations: TenantViolation[] = [];

  constructor(org: OrgContext, options: TenantGuardOptions = {}) {
    this.#org = org;
    // Anything but the very word is strict.
    this.#recording = options.mode === TenantMode.Record;
  }

  /** What was refused so far, or would have been. */
  get violations(): readonly TenantViolation[] {
    return [...this.#violations];
  }

  /** @returns whether the organisation owns it. @throws TENANT_ACCESS_DENIED in strict mode if not. */
  check(resource: OwnedResource, subject = 'the resource'): boolean {
    const reason = tenantDenialOf(this.#org.orgId, resource);
    if (reason === null) return true;
    this.#violations.push(Object.freeze({ reason, subject }));
    if (this.#recording) return false;
    throw new TenantAccessDeniedError(reason, subject);
  }
}
