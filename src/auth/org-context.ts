import { IdentityReader, refuseConstruction } from './identity-text.js';
import { type OwnedResource, tenantDenialOf } from './owned-resource.js';
import { orgMissing, TenantAccessDeniedError } from './tenant-access-denied-error.js';

export interface OrgContextInit {
  readonly orgId?: string | null;
  /** Default: `orgId`. */
  readonly tenantId?: string | null;
  readonly planTier?: string | null;
  readonly features?: readonly string[];
}

type DenialListener = (error: TenantAccessDeniedError) => void;

const reader = new IdentityReader('OrgContext.verified');
/** Known to this file alone: nobody else can call the constructor, by subclass either. */
const KEY: unique symbol = Symbol('OrgContext');

/**
 * The organisation a run belongs to. Asking for it in a constructor makes the class run-scoped. Immutable, and like
 * `AuthContext` made by a verifier or by `OrgContext.verified` only.
 */
export class OrgContext {
  /** Marks what this class made; no look-alike has it. */
  readonly #made = true;
  readonly orgId: string | null;
  readonly tenantId: string | null;
  readonly planTier: string | null;
  readonly features: readonly string[];
  /** Told of every denial, before it is thrown. */
  readonly #onDenied: DenialListener | undefined;

  /** Not for callers: use `OrgContext.verified` or `OrgContext.none`. */
  constructor(key: typeof KEY, init: OrgContextInit, onDenied?: DenialListener) {
    if (key !== KEY) refuseConstruction('OrgContext');
    if (typeof init !== 'object' || init === null) reader.refuse('init', 'an object');
    this.orgId = reader.text('orgId', init.orgId);
    this.tenantId = reader.text('tenantId', init.tenantId) ?? this.orgId;
    this.planTier = reader.text('planTier', init.planTier);
    this.features = reader.names('features', init.features);
    this.#onDenied = onDenied;
    Object.freeze(this);
  }

  /**
   * An organisation that YOU vouch for: for tests, and for hosts that have verified the caller elsewhere.
   *
   * @throws AUTH_IDENTITY_INVALID naming the first field with a value it cannot have.
   */
  static verified(init: OrgContextInit): OrgContext {
    return new OrgContext(KEY, init);
  }

  /** Whether a value was made by this class. `instanceof` is also true of what merely has its prototype. */
  static is(value: unknown): value is OrgContext {
    return typeof value === 'object' && value !== null && #made in value;
  }

  hasFeature(feature: string): boolean {
    return this.features.includes(feature);
  }

  /** The organisation's id, for what cannot be done without one. @throws TENANT_ACCESS_DENIED without one. */
  requireOrgId(): string {
    if (this.orgId === null) throw this.#denied(orgMissing());
    return this.orgId;
  }

  /**
   * Whether this organisation may use a resource. It may if the resource carries its very `orgId`, or says
   * `shared: true`. A resource that names no organisation is nobody's, not everybody's; a caller without organisation
   * owns nothing and shares nothing.
   */
  owns(resource: OwnedResource): boolean {
    return tenantDenialOf(this.orgId, resource) === null;
  }

  /**
   * Call it with whatever was loaded, before it is used or returned.
   *
   * @param subject what it is, in your own words, for the message. Default: "the resource".
   * @throws TENANT_ACCESS_DENIED unless `owns(resource)`.
   */
  assertOwns(resource: OwnedResource, subject = 'the resource'): void {
    const denial = tenantDenialOf(this.orgId, resource);
    if (denial !== null) throw this.#denied(new TenantAccessDeniedError(denial, subject));
  }

  /**
   * The same organisation, which tells `listener` as well of everything that it denies by throwing. What the listener
   * throws changes nothing. A run does this with its own, for the event `tenant.access_denied`.
   */
  watchedBy(listener: DenialListener): OrgContext {
    const before = this.#onDenied;
    if (before === undefined) return new OrgContext(KEY, this, listener);
    return new OrgContext(KEY, this, (error) => {
      tell(before, error);
      listener(error);
    });
  }

  #denied(error: TenantAccessDeniedError): TenantAccessDeniedError {
    if (this.#onDenied !== undefined) tell(this.#onDenied, error);
    return error;
  }

  /** The organisation of a run that was given none. */
  static readonly none: OrgContext = new OrgContext(KEY, {});
}

function tell(listener: DenialListener, error: TenantAccessDeniedError): void {
  try {
    listener(error);
  } catch {
    // Access stays denied.
  }
}
