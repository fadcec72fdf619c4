import type { PrincipalKind } from '../auth-context.js';
import type { AccessPolicy, AccessPolicyClass } from './access-policy.js';

/** How many of the names a caller needs. */
export const AccessMatch = { Any: 'any', All: 'all' } as const;
export type AccessMatch = (typeof AccessMatch)[keyof typeof AccessMatch];

/** One condition on the caller, as data. A stage or tool may be used if every rule on it holds. */
export type AccessRule =
  | { readonly rule: 'public' }
  | { readonly rule: 'authenticated'; readonly kinds?: readonly AuthenticatedKind[] }
  | { readonly rule: 'roles' | 'scopes'; readonly match: AccessMatch; readonly names: readonly string[] }
  | { readonly rule: 'feature'; readonly name: string }
  | { readonly rule: 'plan'; readonly oneOf: readonly string[] }
  | { readonly rule: 'policy'; readonly policy: AccessPolicy | AccessPolicyClass };

export type AuthenticatedKind = Exclude<PrincipalKind, typeof PrincipalKind.Anonymous>;

const named = (rule: 'roles' | 'scopes', match: AccessMatch, names: readonly string[]): AccessRule =>
  Object.freeze({ rule, match, names: Object.freeze([...names]) });

/** Makes access rules: `Access.anyRole('admin', 'owner')`. Every rule but `public` refuses anonymous callers. */
export const Access = Object.freeze({
  /** The caller need not be recognised. Lifts nothing but that: what other rules ask for, they still ask for. */
  public: (): AccessRule => Object.freeze({ rule: 'public' }),
  /** Any recognised caller, or only of the kinds given. */
  authenticated: (...kinds: readonly AuthenticatedKind[]): AccessRule =>
    Object.freeze({ rule: 'authenticated', ...(kinds.length > 0 && { kinds: Object.freeze([...kinds]) }) }),
  anyRole: (...names: readonly [string, ...string[]]): AccessRule => named('roles', AccessMatch.Any, names),
  allRoles: (...names: readonly [string, ...string[]]): AccessRule => named('roles', AccessMatch.All, names),
  anyScope: (...names: readonly [string, ...string[]]): AccessRule => named('scopes', AccessMatch.Any, names),
  allScopes: (...names: readonly [string, ...string[]]): AccessRule => named('scopes', AccessMatch.All, names),
  /** The organisation of the caller has the feature. */
  feature: (name: string): AccessRule => Object.freeze({ rule: 'feature', name }),
  planOneOf: (...plans: readonly [string, ...string[]]): AccessRule =>
    Object.freeze({ rule: 'plan', oneOf: Object.freeze([...plans]) }),
  /**
   * The organisation is on this plan or a higher one.
   *
   * @param order all plans, lowest first. A plan that is not in it holds for nobody.
   */
  planAtLeast: (plan: string, order: readonly string[]): AccessRule => {
    const from = order.indexOf(plan);
    return Object.freeze({ rule: 'plan', oneOf: Object.freeze(from === -1 ? [] : order.slice(from)) });
  },
  /** A decision of your own, by a class that the container builds, or by an instance. */
  policy: (policy: AccessPolicy | AccessPolicyClass): AccessRule => Object.freeze({ rule: 'policy', policy }),
});
