import { type AccessDecision, AccessDenial, ALLOWED, denied } from './access-decision.js';
import type { AccessRequest } from './access-policy.js';
import { AccessMatch, type AccessRule } from './access-rule.js';

/** What one rule says of the caller. A policy rule is answered here only as far as it needs a recognised caller. */
export function checkCaller(rule: AccessRule, { auth, org }: AccessRequest, isPublic: boolean): AccessDecision {
  if (rule.rule === 'public') return ALLOWED;
  if (!auth.authenticated && !(isPublic && rule.rule === 'policy')) return denied(rule, AccessDenial.NotAuthenticated);
  switch (rule.rule) {
    case 'authenticated':
      return allowIf(rule.kinds === undefined || includes(rule.kinds, auth.kind), rule, 'wrong-kind', rule.kinds);
    case 'roles':
      return checkNames(rule, auth.roles, AccessDenial.MissingRole);
    case 'scopes':
      return checkNames(rule, auth.scopes, AccessDenial.MissingScope);
    case 'feature':
      return allowIf(includes(org.features, rule.name), rule, 'missing-feature', [rule.name]);
    case 'plan':
      return allowIf(includes(rule.oneOf, org.planTier), rule, 'wrong-plan', rule.oneOf);
    case 'policy':
      return ALLOWED;
    default:
      return denied(rule, AccessDenial.RuleInvalid);
  }
}

function allowIf(
  holds: boolean,
  rule: AccessRule,
  reason: AccessDenial,
  wanted: readonly string[] = [],
): AccessDecision {
  return holds ? ALLOWED : denied(rule, reason, wanted, wanted.length > 1);
}

function checkNames(
  rule: Extract<AccessRule, { rule: 'roles' | 'scopes' }>,
  held: readonly string[],
  reason: AccessDenial,
): AccessDecision {
  const { match, names } = rule;
  // "All of nothing" would hold for everyone.
  if (!Array.isArray(names) || names.length === 0) return denied(rule, AccessDenial.RuleInvalid);
  const missing = names.filter((name) => !includes(held, name));
  if (match === AccessMatch.All) return missing.length === 0 ? ALLOWED : denied(rule, reason, missing);
  if (match !== AccessMatch.Any) return denied(rule, AccessDenial.RuleInvalid);
  return missing.length < names.length ? ALLOWED : denied(rule, reason, missing, missing.length > 1);
}

/** Of a list only: a string that contains the name is no list that does. */
function includes(list: readonly (string | null)[], name: string | null): boolean {
  return name !== null && Array.isArray(list) && list.includes(name);
}
