/*
 * The last question before a stage is called: does it run at all? If not, it is recorded here how it ended, and the
 * settlement says what that means to its dependents.
 */
import { SkipCause } from '../events/index.js';
import type { ExecutionContext } from './execution-context.js';
import { recordCancelled, recordOutput, recordSkip } from './record-settlement.js';
import { blockedBy, evaluateCondition, falseConditionReason, notSelectedReason } from './run-causes.js';
import type { RunState } from './run-state.js';
import { Settlement, Verdict } from './scheduler.js';
import type { StageExecution } from './stage-execution.js';

/** By what happened before it. @returns null if nothing keeps the stage from running */
export function ruleOut(run: RunState, execution: StageExecution, verdict: Verdict): Settlement | null {
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
  return stageCancels.has(stage.index) ? recordCancelled(run, execution, stageCancels.reason(stage.index)) : null;
}

/** By its own condition. @returns null if it holds */
export function deselect(run: RunState, execution: StageExecution, ctx: ExecutionContext): Settlement | null {
  const { stage } = execution;
  const selected = evaluateCondition(stage, ctx);
  run.time.expire();
  if (selected === true) return null;
  if (selected !== false) return recordOutput(run, execution, selected);
  recordSkip(run, execution, SkipCause.NotSelected, falseConditionReason(stage));
  return Settlement.NotSelected;
}
