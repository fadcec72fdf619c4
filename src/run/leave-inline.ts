import type { StageOutput } from '../stage/index.js';
import type { StageExecution } from './stage-execution.js';

/** Leaves what stands in line around a stage. @returns the output that stands */
export function leaveInline(execution: StageExecution, output: StageOutput): StageOutput {
  const { inline, stage } = execution;
  if (inline === null || stage.inline === null) return output;
  execution.inline = null;
  return stage.inline.leave(inline, output);
}
