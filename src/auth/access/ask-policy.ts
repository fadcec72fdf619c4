import { type AccessDecision, AccessDenial, ALLOWED, denied } from './access-decision.js';
import type { AccessPolicy, AccessPolicyClass, AccessRequest } from './access-policy.js';
import type { AccessRule } from './access-rule.js';

type PolicyRule = Extract<AccessRule, { rule: 'policy' }>;

/** Words of the program: what a policy puts together from data does not look like this. */
const CODE = /^[a-z][a-z0-9]*(?:[-._][a-z0-9]+)*$/i;
const LONGEST_CODE = 64;

/** Asks one policy. Whatever it does ends in a decision. */
export function askPolicy(
  rule: PolicyRule,
  request: AccessRequest,
  policyOf: ((policy: AccessPolicyClass) => AccessPolicy) | undefined,
): AccessDecision | Promise<AccessDecision> {
  const failed = denied(rule, AccessDenial.PolicyFailed, [policyName(rule)]);
  try {
    const policy = typeof rule.policy === 'function' ? policyOf?.(rule.policy) : rule.policy;
    if (policy === undefined) return failed;
    const answer: unknown = policy.decide(request);
    if (!isThenable(answer)) return decisionOf(rule, answer);
    return Promise.resolve(answer).then(
      (value) => decisionOf(rule, value),
      () => failed,
    );
  } catch {
    return failed;
  }
}

function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  if (typeof answer !== 'object' || answer === null) return false;
  return typeof (answer as { then?: unknown }).then === 'function';
}

/** Reads each property once: a getter cannot say one thing and then another. */
function decisionOf(rule: PolicyRule, answer: unknown): AccessDecision {
  const name = policyName(rule);
  if (answer === true) return ALLOWED;
  if (answer === false) return denied(rule, AccessDenial.PolicyDenied, [name]);
  try {
    const { allowed, code } = answer as { allowed?: unknown; code?: unknown };
    if (allowed === true) return ALLOWED;
    if (allowed !== false) return denied(rule, AccessDenial.PolicyFailed, [name]);
    return denied(rule, AccessDenial.PolicyDenied, isCode(code) ? [name, code] : [name]);
  } catch {
    return denied(rule, AccessDenial.PolicyFailed, [name]);
  }
}

function isCode(code: unknown): code is string {
  return typeof code === 'string' && code.length <= LONGEST_CODE && CODE.test(code);
}

function policyName({ policy }: PolicyRule): string {
  try {
    const name: unknown = typeof policy === 'function' ? policy.name : policy.constructor.name;
    return typeof name === 'string' && name !== '' ? name : 'a policy';
  } catch {
    return 'a policy';
  }
}
