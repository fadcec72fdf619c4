/*
 * Who a run is for, as far as that is known when it is started.
 *
 * Invariants
 *  1. Only what AuthContext and OrgContext have made themselves counts as an identity; nothing that looks like one does.
 *  2. The ids of the caller come from the caller. What else the run is started with may repeat them, never change them.
 *  3. A token is verified or refused, never passed over.
 */
import { AuthContext, AuthError, AuthFailureReason, OrgContext } from '../auth/index.js';
import type { RunIdentityInit } from '../context/index.js';
import { StageflowError } from '../errors/index.js';
import type { CallerRules } from './caller-rules.js';
import type { RunInput } from './run-options.js';

/** What the verifier still has to answer. */
export interface Verification {
  readonly token: string | null;
  /** The organisation that the run was asked for. */
  readonly requested: OrgContext | undefined;
  readonly claimed: RunIdentityInit;
  readonly rules: CallerRules;
}

export interface RunCaller {
  readonly auth: AuthContext;
  readonly org: OrgContext;
  /** Null if nothing is left to verify. */
  readonly verification: Verification | null;
  /** The ids that the caller brings; null if nobody vouches for any. */
  readonly ids: RunIdentityInit | null;
}

const NOBODY: RunCaller = Object.freeze({
  auth: AuthContext.anonymous,
  org: OrgContext.none,
  verification: null,
  ids: null,
});

/** What a run shows of its caller as long as nothing is known of it, and for good if it is refused. */
const NO_IDS = idsOf(AuthContext.anonymous, OrgContext.none);

/** @throws RUN_INPUT_INVALID, AUTH_NOT_CONFIGURED */
export function readCaller(input: RunInput, rules: CallerRules): RunCaller {
  const { auth, org, token } = input;
  const { verifier } = rules;
  if (auth === undefined && org === undefined && token == null && verifier === undefined) return NOBODY;
  if (auth !== undefined && !AuthContext.is(auth)) throw noIdentity('auth', 'AuthContext');
  if (org !== undefined && !OrgContext.is(org)) throw noIdentity('org', 'OrgContext');
  if (auth !== undefined) {
    if (token != null) throw twoCallers();
    if (verifier !== undefined && !rules.trustedCallers) throw untrusted();
    return given(auth, org, input.identity);
  }
  if (verifier !== undefined) return toVerify(input, rules);
  if (token != null) throw new AuthError(AuthFailureReason.NotConfigured);
  return given(undefined, org, input.identity);
}

function toVerify({ token, org, identity = {} }: RunInput, rules: CallerRules): RunCaller {
  const claimed = { ...identity };
  // Whoever says for whom a run is has to show it.
  const claims = org !== undefined || mismatch(claimed, NO_IDS) !== undefined;
  if (token == null && rules.anonymousCallers && !claims) return { ...NOBODY, ids: NO_IDS };
  return { ...NOBODY, ids: NO_IDS, verification: { token: token ?? null, requested: org, claimed, rules } };
}

/** A caller that the program vouches for. */
function given(auth: AuthContext | undefined, org: OrgContext | undefined, claimed: RunIdentityInit = {}): RunCaller {
  const known = org ?? orgOf(auth);
  if (auth !== undefined && auth.orgId !== known.orgId) throw twoOrgs();
  const ids = auth === undefined ? { orgId: known.orgId } : idsOf(auth, known);
  const wrong = mismatch(claimed, ids);
  if (wrong !== undefined) throw otherIdentity(wrong);
  return { auth: auth ?? AuthContext.anonymous, org: known, verification: null, ids };
}

function orgOf(auth: AuthContext | undefined): OrgContext {
  return auth === undefined || auth.orgId === null ? OrgContext.none : OrgContext.verified({ orgId: auth.orgId });
}

export function idsOf(auth: AuthContext, org: OrgContext): RunIdentityInit {
  return { userId: auth.userId, orgId: org.orgId, sessionId: auth.sessionId };
}

// Not by spreading, which takes microseconds and leaves an object that is slow to read.
export function withIds(input: RunInput, ids: RunIdentityInit): RunInput {
  return Object.assign({}, input, { identity: Object.assign({}, input.identity, ids) });
}

/** The first id that is claimed and is not the caller's. */
export function mismatch(claimed: RunIdentityInit, ids: RunIdentityInit): keyof RunIdentityInit | undefined {
  return (Object.keys(ids) as (keyof RunIdentityInit)[]).find((id) => {
    const said = claimed[id];
    return said !== undefined && said !== null && said !== ids[id];
  });
}

function noIdentity(field: string, className: string): StageflowError {
  return refused(
    `A run was given something as ${field} that ${className} has not made.`,
    `Pass what a verifier gave, or ${className}.verified({ … }) for a caller that you have verified.`,
    { field },
  );
}

function twoCallers(): StageflowError {
  return refused('A run was given both a token and auth.', 'Pass one of them.', { field: 'token' });
}

function untrusted(): StageflowError {
  return refused(
    'A run was given auth, but its application verifies callers by their tokens.',
    'Pass the token, or create the application with trustedCallers: true.',
    { field: 'auth' },
  );
}

function twoOrgs(): StageflowError {
  return refused(
    'A run was given auth of one organisation and org of another.',
    'Leave org out, or give the organisation of auth.',
    { field: 'org' },
  );
}

function otherIdentity(id: string): StageflowError {
  return refused(
    `A run was given an identity whose ${id} is not that of its caller.`,
    `Leave ${id} out of identity: it comes from the caller.`,
    { field: `identity.${id}` },
  );
}

function refused(message: string, fix: string, details: Record<string, unknown>): StageflowError {
  return new StageflowError({ code: 'RUN_INPUT_INVALID', message, fix, details });
}
