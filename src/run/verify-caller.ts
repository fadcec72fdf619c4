/*
 * Asks the verifier who calls, before anything of the run is built or called.
 *
 * Invariants
 *  1. The run is opened once, when the caller is known or the run has been decided.
 *  2. A run whose caller is not recognised, in time, has failed by then.
 *  3. An answer that comes after that is dropped.
 */
import {
  type AuthContext,
  AuthError,
  type AuthenticatedIdentity,
  AuthFailureReason,
  authenticate,
  type OrgContext,
} from '../auth/index.js';
import { type ContextSnapshot, withIdentity } from '../context/index.js';
import type { StageflowError } from '../errors/index.js';
import { Deadline } from './deadline-queue.js';
import { type OpeningRun, openInstances } from './open-instances.js';
import { idsOf, mismatch, type Verification } from './run-caller.js';
import type { RunState } from './run-state.js';

/** A run whose caller may still have to be verified. */
export interface VerifyingRun extends OpeningRun {
  auth: AuthContext;
  org: OrgContext;
  snapshot: ContextSnapshot;
  /** Holds the token, and is let go of when the run starts. */
  verification: Verification | null;
}

/** Finds out who calls, then opens the run: at once if that is known. */
export function learnCaller(run: VerifyingRun): void {
  const { verification } = run;
  run.verification = null;
  if (verification !== null && !run.life.decided) {
    new CallerCheck(run, verification).start();
    return;
  }
  reportLogin(run, run.reporter.origin === null ? 'host' : 'parent');
  openInstances(run);
}

class CallerCheck extends Deadline {
  readonly #run: VerifyingRun;
  readonly #verification: Verification;
  #answered = false;
  #stopListening = (): void => {};

  constructor(run: VerifyingRun, verification: Verification) {
    super();
    this.#run = run;
    this.#verification = verification;
  }

  start(): void {
    const { parts, scope, time } = this.#run;
    const { verifyMs } = this.#verification.rules;
    this.#stopListening = scope.onCancel(() => this.#finish());
    if (verifyMs > 0) parts.deadlines.arm(this, verifyMs, time.now());
    this.#recognise().then(
      (identity) => this.#accept(identity),
      (error: StageflowError) => this.#refuse(error),
    );
  }

  override onDue(): void {
    const { verifyMs } = this.#verification.rules;
    const fault = { verifier: 'The verifier', problem: `gave no answer within ${verifyMs} ms` };
    this.#refuse(new AuthError(AuthFailureReason.VerifierFailed, { fault }));
  }

  async #recognise(): Promise<AuthenticatedIdentity> {
    const { token, requested, claimed, rules } = this.#verification;
    const { verifier, maxTokenBytes, onVerifierFault } = rules;
    const identity = await authenticate(verifier, token, {
      signal: this.#run.scope.signal,
      ...(maxTokenBytes === undefined ? {} : { maxTokenBytes }),
      ...(requested === undefined ? {} : { requestedOrg: requested }),
      ...(onVerifierFault === undefined ? {} : { onVerifierFault }),
    });
    const wrong = mismatch(claimed, idsOf(identity.auth, identity.org));
    if (wrong === undefined) return identity;
    throw new AuthError(wrong === 'orgId' ? AuthFailureReason.OrgMismatch : AuthFailureReason.IdentityMismatch);
  }

  #accept({ auth, org }: AuthenticatedIdentity): void {
    if (this.#answered) return;
    const run = this.#run;
    run.time.expire();
    run.auth = auth;
    run.org = org;
    run.snapshot = withIdentity(run.snapshot, idsOf(auth, org));
    reportLogin(run, 'token');
    this.#finish();
  }

  #refuse(error: StageflowError): void {
    if (this.#answered) return;
    const { reporter, life, time } = this.#run;
    time.expire();
    const { reason, claim } = error as AuthError; // authenticate rejects with nothing else
    reporter.rare({ type: 'auth.failure', reason, code: error.code, claim });
    life.fail(error); // cancels the scope, which finishes
    this.#finish();
  }

  #finish(): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#stopListening();
    this.#run.parts.deadlines.disarm(this);
    openInstances(this.#run);
  }
}

function reportLogin({ reporter, auth, org }: RunState, by: 'token' | 'host' | 'parent'): void {
  if (!auth.authenticated) return;
  const { kind, principalId, sessionId } = auth;
  const { orgId, tenantId } = org;
  reporter.rare({ type: 'auth.login', by, kind, principalId, sessionId, orgId, tenantId });
}
