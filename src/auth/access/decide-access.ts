/*
 * The one place where access is decided.
 *
 * Invariants
 *  1. Only a decision that every rule agrees to allows. No rule, an unknown rule, a rule that cannot be read: denied.
 *  2. Rules on the caller come before policies, so a policy never sees a caller that a rule refuses.
 *  3. Never throws and never rejects. Answers at once unless a policy answers later.
 */
import type { AccessDecision } from './access-decision.js';
import { AccessDenial, ALLOWED, denied } from './access-decision.js';
import type { AccessPolicy, AccessPolicyClass, AccessRequest } from './access-policy.js';
import type { AccessRule } from './access-rule.js';
import { askPolicy } from './ask-policy.js';
import { checkCaller } from './check-caller.js';

export interface DecideOptions {
  /** Finds or builds the instance of a policy class. Without it a rule that names a class denies. */
  readonly policyOf?: (policy: AccessPolicyClass) => AccessPolicy;
}

/** Asks every rule whether the caller may use what the request names. The first that denies decides. */
export function decideAccess(
  rules: readonly AccessRule[],
  request: AccessRequest,
  options: DecideOptions = {},
): AccessDecision | Promise<AccessDecision> {
  if (!Array.isArray(rules) || rules.length === 0) return denied(null, AccessDenial.NoRule);
  let policies: readonly PolicyRule[];
  try {
    const refused = refusalOfCaller(rules, request);
    if (refused !== undefined) return refused;
    if (!rules.some(isPolicy)) return ALLOWED; // what most rules come to, around every stage: nothing is made for it
    policies = rules.filter(isPolicy);
  } catch {
    return denied(null, AccessDenial.RuleInvalid); // a rule that refuses to be looked at
  }
  return askAll(policies, request, options);
}

type PolicyRule = Extract<AccessRule, { rule: 'policy' }>;

const isPolicy = (rule: AccessRule): rule is PolicyRule => rule.rule === 'policy';
const isForAll = (rule: AccessRule): boolean => rule.rule === 'public';

function refusalOfCaller(rules: readonly AccessRule[], request: AccessRequest): AccessDecision | undefined {
  const isPublic = !request.auth.authenticated && rules.some(isForAll); // says nothing of those who are recognised
  for (const rule of rules) {
    const decision = checkCaller(rule, request, isPublic);
    if (!decision.allowed) return decision;
  }
  return undefined;
}

/** One after the other: what a policy does may cost something, and a denial makes the rest pointless. */
function askAll(
  [rule, ...rest]: readonly PolicyRule[],
  request: AccessRequest,
  options: DecideOptions,
): AccessDecision | Promise<AccessDecision> {
  if (rule === undefined) return ALLOWED;
  const decision = askPolicy(rule, request, options.policyOf);
  const goOn = (answer: AccessDecision) => (answer.allowed ? askAll(rest, request, options) : answer);
  return decision instanceof Promise ? decision.then(goOn) : goOn(decision);
}
