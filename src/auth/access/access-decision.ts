import type { AccessRule } from './access-rule.js';

/** Why access was denied. */
export const AccessDenial = {
  NotAuthenticated: 'not-authenticated',
  WrongKind: 'wrong-kind',
  MissingRole: 'missing-role',
  MissingScope: 'missing-scope',
  MissingFeature: 'missing-feature',
  WrongPlan: 'wrong-plan',
  PolicyDenied: 'policy-denied',
  /** The policy threw, answered with something else than a decision, or could not be built. */
  PolicyFailed: 'policy-failed',
  /** A rule that nobody understands allows nothing. */
  RuleInvalid: 'rule-invalid',
  /** No rule allows nothing. */
  NoRule: 'no-rule',
} as const;
export type AccessDenial = (typeof AccessDenial)[keyof typeof AccessDenial];

/** The answer to "may this caller use that?". Frozen. */
export interface AccessDecision {
  readonly allowed: boolean;
  /** The rule that denied; `null` if none did. */
  readonly rule: AccessRule | null;
  readonly reason: AccessDenial | null;
  /** What the caller would need: roles, scopes, plans, a feature or a policy, by the names that the program gave them. */
  readonly missing: readonly string[];
  /** Whether one of `missing` is enough. */
  readonly anyOf: boolean;
}

const NOTHING: readonly string[] = Object.freeze([]);

export const ALLOWED: AccessDecision = Object.freeze({
  allowed: true,
  rule: null,
  reason: null,
  missing: NOTHING,
  anyOf: false,
});

export function denied(
  rule: AccessRule | null,
  reason: AccessDenial,
  missing: readonly string[] = NOTHING,
  anyOf = false,
): AccessDecision {
  return Object.freeze({ allowed: false, rule, reason, missing: Object.freeze([...missing]), anyOf });
}
