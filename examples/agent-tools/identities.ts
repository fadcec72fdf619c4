import { AuthContext, PrincipalKind } from 'stageflow';

/** Who has it decides on calls, and undoes them. */
export const OWNER_ROLE = 'owner-of-notes';

// In an application a verifier makes these of tokens.

/** Who the agent works as. It can approve nothing: it has no role, and whoever asks never approves. */
export const AGENT = AuthContext.verified({ kind: PrincipalKind.ServiceAccount, clientId: 'notes-agent' });
/** The person at the terminal. */
export const OWNER = AuthContext.verified({ userId: 'ann', roles: [OWNER_ROLE] });
/** Decides where the person has said beforehand what to decide, or is not there: records tell it from the person. */
export const RULE = AuthContext.verified({
  kind: PrincipalKind.ServiceAccount,
  clientId: 'approval-rule',
  roles: [OWNER_ROLE],
});
