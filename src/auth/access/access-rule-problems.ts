import type { Problem } from '../../errors/index.js';
import { PrincipalKind } from '../auth-context.js';
import { isRecord } from '../frozen-claims.js';
import { isIdentityText } from '../identity-text.js';
import { AccessMatch } from './access-rule.js';

/** What is wrong with the access rules of a class or module, before anything runs. @param subject `stage "Refund"` */
export function accessRuleProblems(rules: readonly unknown[], subject: string): readonly Problem[] {
  return rules.flatMap((rule, index) => {
    const wrong = mistakeIn(rule);
    return wrong === undefined ? [] : [problem(subject, index, wrong)];
  });
}

function problem(subject: string, index: number, wrong: string): Problem {
  return Object.freeze({
    code: 'AUTH_OPTION_INVALID',
    message: `Access rule ${index + 1} of ${subject} ${wrong}.`,
    fix: 'Make rules with Access, such as Access.anyRole("admin").',
    details: { subject, rule: index },
  });
}

function mistakeIn(rule: unknown): string | undefined {
  if (!isRecord(rule)) return 'is no rule';
  switch (rule.rule) {
    case 'public':
      return undefined;
    case 'authenticated':
      return rule.kinds === undefined || isKinds(rule.kinds) ? undefined : 'names a kind that no principal has';
    case 'roles':
    case 'scopes':
      if (rule.match !== AccessMatch.Any && rule.match !== AccessMatch.All) return 'says neither any nor all';
      return isNames(rule.names) ? undefined : `needs at least one name in ${rule.rule}`;
    case 'feature':
      return isIdentityText(rule.name) ? undefined : 'needs the name of a feature';
    case 'plan':
      return isNames(rule.oneOf) ? undefined : 'holds for no plan';
    case 'policy':
      return isPolicy(rule.policy) ? undefined : 'needs a policy: a class or an object with decide()';
    default:
      return 'is of no known kind';
  }
}

function isNames(names: unknown): boolean {
  return Array.isArray(names) && names.length > 0 && names.every(isIdentityText);
}

function isKinds(kinds: unknown): boolean {
  const known: readonly unknown[] = [PrincipalKind.User, PrincipalKind.ServiceAccount];
  return Array.isArray(kinds) && kinds.length > 0 && kinds.every((kind) => known.includes(kind));
}

function isPolicy(policy: unknown): boolean {
  if (typeof policy === 'function') return typeof policy.prototype?.decide === 'function';
  return typeof policy === 'object' && policy !== null && typeof (policy as { decide?: unknown }).decide === 'function';
}
