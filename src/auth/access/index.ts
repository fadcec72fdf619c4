export { type AccessDecision, AccessDenial } from './access-decision.js';
export { AccessDeniedError, accessDenied } from './access-denied-error.js';
export type { AccessPolicy, AccessPolicyClass, AccessRequest, PolicyAnswer } from './access-policy.js';
export { Access, AccessMatch, type AccessRule, type AuthenticatedKind } from './access-rule.js';
export { accessRuleProblems } from './access-rule-problems.js';
export { combineRules } from './combine-rules.js';
export { type DecideOptions, decideAccess } from './decide-access.js';
