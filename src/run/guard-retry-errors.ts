import { StageflowError } from '../errors/index.js';
import { GuardRetryEnd } from '../events/index.js';
import { type FailOptions, messageOf, type StageFailure, type StageOutput } from '../stage/index.js';
import type { GuardLoop } from './guard-loop.js';
import type { GuardTries } from './guard-tries.js';
import type { StageExecution } from './stage-execution.js';

/** What the failure of a guard becomes when the run does not go back any more: the arguments of `StageOutput.fail`. */
export function guardExhausted(
  { stage }: StageExecution,
  loop: GuardLoop,
  { failures }: GuardTries,
  end: GuardRetryEnd,
  { data }: StageOutput,
  { error, code, hint }: StageFailure,
): [error: StageflowError, options: FailOptions] {
  const exhausted = new StageflowError({
    code: 'GUARD_RETRY_EXHAUSTED',
    message: `Guard "${stage.name}" failed ${times(failures)}, ${sentBack(failures, loop.stage)}: ${textOf(error)}. ${ENDS[end](loop)}`,
    fix: hint ?? `Let "${loop.stage}" make more of ctx.feedback, or allow more in retryFrom.`,
    details: { guard: stage.name, retryFrom: loop.stage, attempts: failures, cause: end, failureCode: code },
    cause: error,
  });
  return [exhausted, { retryable: false, ...(data === undefined ? {} : { data }) }];
}

const ENDS: Readonly<Record<GuardRetryEnd, (loop: GuardLoop) => string>> = {
  [GuardRetryEnd.Attempts]: ({ attempts }) =>
    `Its ${attempts === 1 ? 'only attempt is' : `${attempts} attempts are`} used up.`,
  [GuardRetryEnd.Timeout]: ({ timeoutMs }) => `The ${timeoutMs} ms for going back are over.`,
  [GuardRetryEnd.Stagnation]: ({ stagnation }) => `Its reason and data were the same ${stagnation} times in a row.`,
};

/** Without the advice and the code that an error of stageflow's carries: they would stand in the middle of a sentence. */
function textOf(error: unknown): string {
  return (error instanceof StageflowError ? error.summary : messageOf(error)).replace(/\.$/, '');
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}

function sentBack(failures: number, target: string): string {
  return failures === 1
    ? `without the run having gone back to "${target}"`
    : `although the run went back to "${target}" ${times(failures - 1)}`;
}

/** Why something that runs is stopped when a guard sends the run back. */
export function takenBack(guard: string, target: string): StageflowError {
  return new StageflowError({
    code: 'STAGE_CANCELLED',
    message: `Guard "${guard}" failed, so everything from "${target}" on is computed again.`,
    details: { guard, retryFrom: target },
  });
}
