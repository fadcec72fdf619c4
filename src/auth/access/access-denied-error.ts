import { StageflowError } from '../../errors/index.js';
import { type AccessDecision, AccessDenial } from './access-decision.js';

/** A recognised caller may not use a stage or tool, or an unrecognised one tried to. `decision` has the rule. */
export class AccessDeniedError extends StageflowError {
  readonly reason: AccessDenial;
  readonly decision: AccessDecision;

  /** Made by `accessDenied`. */
  constructor(reason: AccessDenial, decision: AccessDecision, message: string, details: Record<string, unknown>) {
    super({ code: 'AUTH_FORBIDDEN', message, fix: FIX[reason], details });
    this.reason = reason;
    this.decision = decision;
  }
}

const WHAT: Readonly<Record<AccessDenial, (missing: string) => string>> = {
  'not-authenticated': () => 'it is not open to anonymous callers',
  'wrong-kind': (missing) => `the caller must be a principal of kind ${missing}`,
  'missing-role': (missing) => `the caller lacks role ${missing}`,
  'missing-scope': (missing) => `the caller lacks scope ${missing}`,
  'missing-feature': (missing) => `the organisation of the caller lacks feature ${missing}`,
  'wrong-plan': (missing) => `the organisation of the caller is not on plan ${missing}`,
  'policy-denied': (missing) => `policy ${missing} denies it`,
  'policy-failed': (missing) => `policy ${missing} gave no decision`,
  'rule-invalid': () => 'one of its access rules cannot be understood',
  'no-rule': () => 'no rule allows it',
};
const ASK = 'Ask for the right, or call as someone who has it.';
const FIX: Readonly<Record<AccessDenial, string>> = {
  'not-authenticated': 'Pass the token of the caller, or mark it with Access.public().',
  'wrong-kind': ASK,
  'missing-role': ASK,
  'missing-scope': ASK,
  'missing-feature': ASK,
  'wrong-plan': ASK,
  'policy-denied': ASK,
  'policy-failed': 'A policy returns true, false or { allowed }, and must not throw.',
  'rule-invalid': 'Make rules with Access, such as Access.anyRole("admin").',
  'no-rule': 'Give it a rule, such as Access.authenticated().',
};

/**
 * The error for a decision that denied. It names what the program named: subject, roles, scopes, plans, feature, policy.
 *
 * @param subject what was to be used: `stage "Refund"`.
 */
export function accessDenied(decision: AccessDecision, subject: string): AccessDeniedError {
  const reason = decision.reason ?? AccessDenial.NoRule;
  const missing = decision.missing.map((name) => `"${name}"`).join(decision.anyOf ? ' or ' : ', ');
  const message = `Access to ${subject} is denied: ${WHAT[reason](missing)}.`;
  return new AccessDeniedError(reason, decision, message, { reason, subject, missing: decision.missing });
}
