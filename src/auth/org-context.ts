export interface OrgContextInit {
  readonly orgId?: string | null;
  readonly tenantId?: string | null;
  readonly planTier?: string | null;
  readonly features?: readonly string[];
}

/** The organisation a run belongs to. Asking for it in a constructor makes the class run-scoped. Immutable. */
export class OrgContext {
  readonly orgId: string | null;
  readonly tenantId: string | null;
  readonly planTier: string | null;
  readonly features: readonly string[];

  constructor(init: OrgContextInit) {
    this.orgId = init.orgId ?? null;
    this.tenantId = init.tenantId ?? this.orgId;
    this.planTier = init.planTier ?? null;
    this.features = Object.freeze([...(init.features ?? [])]);
    Object.freeze(this);
  }

  hasFeature(feature: string): boolean {
    return this.features.includes(feature);
  }

  /** The organisation of a run that was given none. */
  static readonly none: OrgContext = new OrgContext({});
}
