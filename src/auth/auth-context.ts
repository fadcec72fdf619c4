import { type FrozenClaims, freezeClaims, NO_CLAIMS } from './frozen-claims.js';
import { IdentityReader, refuseConstruction } from './identity-text.js';

export const PrincipalKind = { User: 'user', ServiceAccount: 'service-account', Anonymous: 'anonymous' } as const;
export type PrincipalKind = (typeof PrincipalKind)[keyof typeof PrincipalKind];

interface PrincipalInit {
  readonly sessionId?: string | null;
  readonly orgId?: string | null;
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
  /** Everything else that is known of the caller: JSON data. Copied and frozen; left out of `toJSON()`. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface UserInit extends PrincipalInit {
  readonly kind?: typeof PrincipalKind.User;
  readonly userId: string;
  /** The application that the user works with. */
  readonly clientId?: string | null;
  /** Only an address that the user has been proved to own. */
  readonly email?: string | null;
}

/** A machine that calls for itself. It has no user and no address. */
export interface ServiceAccountInit extends PrincipalInit {
  readonly kind: typeof PrincipalKind.ServiceAccount;
  readonly clientId: string;
}

export type AuthContextInit = UserInit | ServiceAccountInit;

type Fields = Readonly<Record<'userId' | 'clientId' | 'sessionId' | 'email' | 'orgId', string | null>> & {
  readonly kind: PrincipalKind;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly claims: FrozenClaims;
};

const reader = new IdentityReader('AuthContext.verified');
/** Known to this file alone: nobody else can call the constructor, by subclass either. */
const KEY: unique symbol = Symbol('AuthContext');
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * Who is calling. Ask for it in the constructor of a stage or a service (`constructor(auth: AuthContext)`), which makes
 * that class run-scoped, or read `ctx.auth`. Deeply immutable; a run has exactly one. Cannot be made from an object that
 * looks like one: it comes from a `TokenVerifier`, or from `AuthContext.verified`.
 */
export class AuthContext {
  /** Marks what this class made; no look-alike has it. */
  readonly #made = true;
  readonly kind: PrincipalKind;
  /** `null` for service accounts and anonymous callers. */
  readonly userId: string | null;
  /** The application that asked for the token: for a service account, the principal itself. */
  readonly clientId: string | null;
  readonly sessionId: string | null;
  /** Set only if the issuer says that it belongs to the user. */
  readonly email: string | null;
  readonly orgId: string | null;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;

  /** Not for callers: use `AuthContext.verified` or `AuthContext.anonymous`. */
  constructor(key: typeof KEY, fields: Fields) {
    if (key !== KEY) refuseConstruction('AuthContext');
    this.kind = fields.kind;
    this.userId = fields.userId;
    this.clientId = fields.clientId;
    this.sessionId = fields.sessionId;
    this.email = fields.email;
    this.orgId = fields.orgId;
    this.roles = fields.roles;
    this.scopes = fields.scopes;
    this.claims = fields.claims;
    Object.freeze(this);
  }

  /**
   * An identity that YOU vouch for: for tests, and for hosts that have verified the caller elsewhere. Never hand it what
   * a caller sent. Default kind: user.
   *
   * @throws AUTH_IDENTITY_INVALID naming the first field with a value it cannot have.
   */
  static verified(init: AuthContextInit): AuthContext {
    return new AuthContext(KEY, readFields(init));
  }

  /** Whether a value was made by this class. `instanceof` is also true of what merely has its prototype. */
  static is(value: unknown): value is AuthContext {
    return typeof value === 'object' && value !== null && #made in value;
  }

  get authenticated(): boolean {
    return this.kind !== PrincipalKind.Anonymous;
  }

  /** What to write into an audit record: the user, else the service account. `null` for anonymous callers. */
  get principalId(): string | null {
    return this.userId ?? this.clientId;
  }

  hasRole(role: string): boolean {
    return this.roles.includes(role);
  }

  hasAnyRole(...roles: readonly string[]): boolean {
    return roles.some((role) => this.hasRole(role));
  }

  hasAllRoles(...roles: readonly string[]): boolean {
    return roles.every((role) => this.hasRole(role));
  }

  hasScope(scope: string): boolean {
    return this.scopes.includes(scope);
  }

  hasAnyScope(...scopes: readonly string[]): boolean {
    return scopes.some((scope) => this.hasScope(scope));
  }

  hasAllScopes(...scopes: readonly string[]): boolean {
    return scopes.every((scope) => this.hasScope(scope));
  }

  /** Without the claims: they hold whatever the issuer put into the token. Also what `console.log` shows. */
  toJSON(): Record<string, unknown> {
    const { claims: _, ...shown } = this;
    return shown;
  }

  [INSPECT](): Record<string, unknown> {
    return this.toJSON();
  }

  /** The caller of a run that was given no identity: no user, no rights. */
  static readonly anonymous: AuthContext = new AuthContext(KEY, {
    kind: PrincipalKind.Anonymous,
    userId: null,
    clientId: null,
    sessionId: null,
    email: null,
    orgId: null,
    roles: Object.freeze([]),
    scopes: Object.freeze([]),
    claims: NO_CLAIMS,
  });
}

function readFields(init: { readonly [Field in keyof UserInit]?: unknown }): Fields {
  if (typeof init !== 'object' || init === null) return reader.refuse('init', 'an object');
  const kind = init.kind === undefined ? PrincipalKind.User : init.kind;
  const { User, ServiceAccount } = PrincipalKind;
  if (kind !== User && kind !== ServiceAccount) return reader.refuse('kind', `"${User}" or "${ServiceAccount}"`);
  const fields: Fields = {
    kind,
    userId: reader.text('userId', init.userId),
    clientId: reader.text('clientId', init.clientId),
    sessionId: reader.text('sessionId', init.sessionId),
    email: reader.email(init.email),
    orgId: reader.text('orgId', init.orgId),
    roles: reader.names('roles', init.roles),
    scopes: reader.names('scopes', init.scopes),
    claims: init.claims === undefined ? NO_CLAIMS : (freezeClaims(init.claims) ?? reader.refuse('claims', 'JSON data')),
  };
  if (kind === User && fields.userId === null) return reader.refuse('userId', 'the id of the user');
  if (kind === ServiceAccount && fields.clientId === null) return reader.refuse('clientId', 'the id of the account');
  if (kind === ServiceAccount && (fields.userId ?? fields.email) !== null) {
    return reader.refuse(fields.userId === null ? 'email' : 'userId', 'absent; a service account has none');
  }
  return fields;
}
