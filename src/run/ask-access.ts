/*
 * The one place in a run where access to a stage is decided: after what decides whether the stage is wanted at all, its
 * condition included, and before its onion, so that no interceptor can come between.
 *
 * Invariants
 *  1. A stage with rules is called only after a decision that allows.
 *  2. A denial is a failure of the stage, which nobody retries and no dependent tolerates.
 *  3. What rules without policies say of a caller they say of it for the whole run: neither changes.
 *  4. A policy that does not answer in time denies. While it is waited for, the stage counts as running, not as started.
 */
import { type AccessDecision, AccessDenial, type AccessRule, accessDenied, decideAccess } from '../auth/index.js';
import { StageOutput } from '../stage/index.js';
import { refuseAdmission } from './admission.js';
import type { CompiledStage } from './compiled-stage.js';
import { Deadline } from './deadline-queue.js';
import type { ExecutionContext } from './execution-context.js';
import { recordCancelled, recordOutput } from './record-settlement.js';
import type { RunState } from './run-state.js';
import { Settlement, type Verdict } from './scheduler.js';
import type { StageExecution } from './stage-execution.js';

/** A run whose stages may have to wait for a decision. */
export interface AskingRun extends RunState {
  /** The last rules that allowed the caller of this run, if they are none that may say otherwise the next time. */
  granted: readonly AccessRule[] | null;
  enter(execution: StageExecution, ctx: ExecutionContext): void;
  settledAs(execution: StageExecution, settlement: Settlement): void;
}

/** @returns whether the stage may be entered now; if not, it has been settled, or will be entered or settled later */
export function mayEnter(run: AskingRun, execution: StageExecution, ctx: ExecutionContext, verdict: Verdict): boolean {
  const settlement = refuseAdmission(run, execution, ctx, verdict);
  if (settlement !== null) run.settledAs(execution, settlement);
  return settlement === null && (execution.stage.access === null || isAllowed(run, execution, ctx));
}

/** @returns whether the caller may use the stage; if not, it has been settled, or will be entered or settled later */
export function isAllowed(run: AskingRun, execution: StageExecution, ctx: ExecutionContext): boolean {
  const { stage } = execution;
  if (stage.access === run.granted) return isStillWanted(run, execution);
  const subject = `stage "${stage.name}"`;
  // What a policy reaches for is watched; other rules only look at what the organisation has.
  const org = stage.asksPolicies ? ctx.org : run.org;
  const request = { auth: run.auth, org, subject, resource: run.snapshot.input };
  const decision = decideAccess(rulesOf(stage), request);
  // Policies are code of others, which takes time; what other rules have said stands for the whole run.
  if (stage.asksPolicies) run.time.expire();
  else if (!(decision instanceof Promise) && decision.allowed) run.granted = stage.access;
  if (!(decision instanceof Promise)) return follow(run, execution, decision);
  new PendingDecision(run, execution, ctx).await(decision);
  return false;
}

function rulesOf({ access }: CompiledStage): readonly AccessRule[] {
  return access as readonly AccessRule[]; // only stages that have rules get here
}

/** @returns whether the stage may be entered; else it has been settled */
function follow(run: AskingRun, execution: StageExecution, decision: AccessDecision): boolean {
  if (!decision.allowed) {
    deny(run, execution, decision);
    return false;
  }
  return isStillWanted(run, execution);
}

/** Its caller may use it. @returns whether it is to be entered; else it has been settled */
function isStillWanted(run: AskingRun, execution: StageExecution): boolean {
  const { reporter, life, time } = run;
  const { stage } = execution;
  if (!stage.isPublic) reporter.accessGranted(stage.name, time.startTime());
  // Policies and sinks are code of others: they may have ended the run, and then nothing starts.
  if (!life.decided) return true;
  run.settledAs(execution, Settlement.Blocks);
  return false;
}

function deny(run: AskingRun, execution: StageExecution, decision: AccessDecision): void {
  const { name } = execution.stage;
  const { rule, missing } = decision;
  const reason = decision.reason ?? AccessDenial.NoRule;
  run.reporter.rare({ type: 'access.denied', stage: name, rule: rule?.rule ?? null, reason, missing });
  const error = accessDenied(decision, `stage "${name}"`);
  run.settledAs(execution, recordOutput(run, execution, StageOutput.fail(error, { retryable: false })));
}

/** A decision that a policy has yet to make. Settles the stage once, whatever comes first. */
class PendingDecision extends Deadline {
  readonly #run: AskingRun;
  readonly #execution: StageExecution;
  readonly #ctx: ExecutionContext;
  #settled = false;
  #stopListening = (): void => {};

  constructor(run: AskingRun, execution: StageExecution, ctx: ExecutionContext) {
    super();
    this.#run = run;
    this.#execution = execution;
    this.#ctx = ctx;
  }

  await(decision: Promise<AccessDecision>): void {
    const { scope, parts, time } = this.#run;
    this.#stopListening = scope.onCancel(() => {
      if (this.#close()) this.#run.settledAs(this.#execution, Settlement.Blocks);
    });
    if (parts.verifyMs > 0) parts.deadlines.arm(this, parts.verifyMs, time.now());
    decision.then((answer) => this.#answered(answer)); // never rejects
  }

  override onDue(): void {
    this.#answered(noAnswer(rulesOf(this.#execution.stage)));
  }

  #answered(decision: AccessDecision): void {
    if (!this.#close()) return;
    const run = this.#run;
    const { index } = this.#execution.stage;
    if (run.stageCancels?.has(index)) {
      run.settledAs(this.#execution, recordCancelled(run, this.#execution, run.stageCancels.get(index)));
    } else if (follow(run, this.#execution, decision)) run.enter(this.#execution, this.#ctx);
  }

  /** @returns whether this is the first end of the wait */
  #close(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#stopListening();
    this.#run.parts.deadlines.disarm(this);
    this.#run.time.expire();
    return true;
  }
}

/** Which of the policies is still asked is not known out here: all are named. */
function noAnswer(rules: readonly AccessRule[]): AccessDecision {
  const asked = rules.filter((rule) => rule.rule === 'policy');
  const missing = asked.map(({ policy }) => (typeof policy === 'function' ? policy.name : policy.constructor.name));
  return { allowed: false, rule: asked[0] ?? null, reason: AccessDenial.PolicyFailed, missing, anyOf: true };
}
