import type { InlineChain } from '../interceptors/index.js';
import { type StageContext, StageOutput } from '../stage/index.js';
import { toOutput } from './output-of-value.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';

/** Enters what stands in line around a stage. @returns whether that has answered for the stage, which then is not called */
export function isAnswered(run: RunState, execution: StageExecution, ctx: StageContext, chain: InlineChain): boolean {
  const call = chain.call(ctx);
  execution.inline = call;
  const answer = chain.enter(call);
  if (answer !== null) run.settled(execution, answer, false);
  return answer !== null;
}

/** Leaves it again. @returns the output that stands */
export function leaveInline(execution: StageExecution, value: unknown, threw: boolean): StageOutput {
  const { inline, stage } = execution;
  const output = threw ? StageOutput.fail(value) : toOutput(value, stage.name);
  if (inline === null || stage.inline === null) return output;
  execution.inline = null;
  return stage.inline.leave(inline, output);
}
