/*
 * The last question before a stage is called: does it run at all? If not, it is recorded here how it ended, and the
 * settlement says what that means to its dependents.
 */
import { SkipCause } from '../events/index.js';
import type { ExecutionContext } from './execution-context.js';
import { missQuorum } from './quorum.js';
import { recordCancelled, recordOutput, recordSkip } from './record-settlement.js';
import { blockedBy, evaluateCondition, falseConditionReason, notSelectedReason } from './run-causes.js';
import type { RunState } from './run-state.js';
import { Settlement, Verdict } from './scheduler.js';
import type { StageExecution } from './stage-execution.js';

/** @returns how the stage has settled without being called, or null if it may run */
export function refuseAdmission(
  run: RunState,
  execution: StageExecution,
  ctx: ExecutionContext,
  verdict: Verdict,
): Settlement | null {
  const ruledOut = verdict !== Verdict.Run || run.stageCancels !== null ? ruleOut(run, execution, verdict) : null;
  if (ruledOut !== null) return ruledOut;
  const { condition, spec } = execution.stage;
  const missed = spec.quorums === undefined ? null : missQuorum(run, execution, spec.quorums);
  if (missed !== null || condition === null) return missed;
  const deselected = deselect(run, execution, ctx);
  // The condition is code of others: it may have ended the run, and then nothing starts.
  return deselected === null && run.life.decided ? Settlement.Blocks : deselected;
}

/** By what happened before it. */
function ruleOut(run: RunState, execution: StageExecution, verdict: Verdict): Settlement | null {
  const { stage } = execution;
  if (verdict === Verdict.NotSelected) {
    recordSkip(run, execution, SkipCause.NotSelected, notSelectedReason(stage));
    return Settlement.NotSelected;
  }
  if (verdict === Verdict.Blocked) {
    const { cause, reason } = blockedBy(stage, run.executions);
    recordSkip(run, execution, cause, reason);
    return Settlement.Blocks;
  }
  const { stageCancels } = run;
  if (stageCancels === null || !stageCancels.has(stage.index)) return null;
  return recordCancelled(run, execution, stageCancels.get(stage.index));
}

/** By its own condition. */
function deselect(run: RunState, execution: StageExecution, ctx: ExecutionContext): Settlement | null {
  const { stage } = execution;
  const selected = evaluateCondition(stage, ctx);
  run.time.expire();
  if (selected === true) return null;
  if (selected !== false) return recordOutput(run, execution, selected);
  recordSkip(run, execution, SkipCause.NotSelected, falseConditionReason(stage));
  return Settlement.NotSelected;
}
