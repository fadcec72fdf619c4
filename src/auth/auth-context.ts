export const PrincipalKind = { User: 'user', Service: 'service', Anonymous: 'anonymous' } as const;
export type PrincipalKind = (typeof PrincipalKind)[keyof typeof PrincipalKind];

export interface AuthContextInit {
  readonly kind: PrincipalKind;
  readonly userId?: string | null;
  readonly sessionId?: string | null;
  readonly email?: string | null;
  readonly orgId?: string | null;
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
}

/**
 * Who is calling. Ask for it in the constructor of a stage or a service (`constructor(auth: AuthContext)`), which makes
 * that class run-scoped, or read `ctx.auth`. Immutable; a run has exactly one.
 */
export class AuthContext {
  readonly kind: PrincipalKind;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly email: string | null;
  readonly orgId: string | null;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;

  constructor(init: AuthContextInit) {
    this.kind = init.kind;
    this.userId = init.userId ?? null;
    this.sessionId = init.sessionId ?? null;
    this.email = init.email ?? null;
    this.orgId = init.orgId ?? null;
    this.roles = Object.freeze([...(init.roles ?? [])]);
    this.scopes = Object.freeze([...(init.scopes ?? [])]);
    this.claims = Object.freeze({ ...init.claims });
    Object.freeze(this);
  }

  hasRole(role: string): boolean {
    return this.roles.includes(role);
  }

  hasScope(scope: string): boolean {
    return this.scopes.includes(scope);
  }

  /** The caller of a run that was given no identity: no user, no rights. */
  static readonly anonymous: AuthContext = new AuthContext({ kind: PrincipalKind.Anonymous });
}
