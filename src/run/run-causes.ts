/* The errors and reasons the driver of a run needs, apart from its control flow. */
import { StageflowError } from '../errors/index.js';
import { SkipCause } from '../events/index.js';
import { messageOf, type StageContext, type StageFailure, StageOutput } from '../stage/index.js';
import type { CancelScope } from './cancel-scope.js';
import type { CompiledStage } from './compiled-stage.js';
import { isLimitPassed } from './limit-passed-error.js';
import { type StageExecution, StageState } from './stage-execution.js';

/** What a stage throws that was told to stop, or waited for a run of its own that was. */
const ABORTS: readonly string[] = ['STAGE_CANCELLED', 'RUN_CANCELLED'];

/** Whether a stage ended because it was told to, and not by a failure of its own. */
export function isAbort(thrown: unknown, scope: CancelScope): boolean {
  if (!scope.cancelled) return false;
  const error = thrownByLayer(thrown);
  // Its own limit is a failure; a limit that passes while the stage unwinds for another reason changes nothing.
  if (isLimitPassed(error)) return error !== scope.reason;
  if (error === scope.reason) return true;
  try {
    if (!(error instanceof Error)) return false;
    return error.name === 'AbortError' || (error instanceof StageflowError && ABORTS.includes(error.code));
  } catch {
    return false; // what cannot even be looked at is no ordinary abort
  }
}

/** What a layer of the onion threw, which it may have been told to. */
function thrownByLayer(error: unknown): unknown {
  try {
    return error instanceof StageflowError && error.code === 'INTERCEPTOR_FAILED' ? error.cause : error;
  } catch {
    return error;
  }
}

/** Why a blocked stage cannot run: the dependency it requires that failed, was cancelled, or was blocked itself. */
export function blockedBy(
  stage: CompiledStage,
  executions: readonly (StageExecution | undefined)[],
): { readonly cause: SkipCause; readonly reason: string } {
  for (const [place, index] of stage.dependencies.entries()) {
    const execution = executions[index];
    if (execution === undefined || stage.spec.dependsOn[place]?.optional === true) continue;
    const { state, skipCause } = execution;
    const name = execution.stage.name;
    if (state === StageState.Fail) return { cause: SkipCause.DependencyFailed, reason: `"${name}" failed` };
    if (state === StageState.Cancel) return { cause: SkipCause.DependencyCancelled, reason: `"${name}" was cancelled` };
    if (skipCause === SkipCause.DependencyFailed || skipCause === SkipCause.DependencyCancelled) {
      return { cause: skipCause, reason: `"${name}" could not run` };
    }
  }
  throw new TypeError(`Stage "${stage.name}" is blocked by nothing.`); // the scheduler and this function disagree
}

export function notSelectedReason(stage: CompiledStage): string {
  return `none of ${stage.spec.dependsOn.map((dependency) => `"${dependency.stage}"`).join(', ')} was selected`;
}

export function falseConditionReason({ spec }: CompiledStage): string {
  return spec.condition === null ? 'its condition was false' : `its condition on "${spec.condition}" was false`;
}

export function siblingFailed(stage: string): StageflowError {
  return new StageflowError({
    code: 'STAGE_CANCELLED',
    message: `Stage "${stage}" failed, which ends the run.`,
    details: { failedStage: stage },
  });
}

/** Why a run is cancelled that a stage started and left behind when it failed. */
export function starterFailed(stage: string): StageflowError {
  return new StageflowError({
    code: 'STAGE_CANCELLED',
    message: `Stage "${stage}", which started the run, has failed.`,
    details: { failedStage: stage },
  });
}

export function stageCancelledRun(stage: string, reason: string | null): StageflowError {
  return new StageflowError({
    code: 'RUN_CANCELLED',
    message: `Stage "${stage}" cancelled the run: ${reason}.`,
    details: { stage, reason },
  });
}

export function runTimedOut(pipeline: string, limitMs: number): StageflowError {
  return new StageflowError({
    code: 'RUN_TIMEOUT',
    message: `The run of pipeline "${pipeline}" passed its deadline of ${limitMs} ms.`,
    fix: 'Raise timeoutMs, or make it faster.',
    details: { pipeline, limitMs },
  });
}

/** @returns whether the stage is selected, or how asking failed */
export function evaluateCondition(stage: CompiledStage, ctx: StageContext): boolean | StageOutput {
  let selected: unknown;
  try {
    selected = stage.condition?.(ctx);
  } catch (error) {
    return conditionFailed(stage, error);
  }
  if (typeof selected === 'boolean') return selected;
  // A promise was not awaited and will not be; its rejection must not end the process.
  if (selected instanceof Promise) selected.catch(() => {});
  return conditionNotBoolean(stage, selected);
}

function conditionFailed(stage: CompiledStage, error: unknown): StageOutput<never> {
  const failed = new StageflowError({
    code: 'STAGE_CONDITION_FAILED',
    message: `The condition of stage "${stage.name}" threw: ${messageOf(error)}.`,
    fix: 'A condition must return true or false; the stage was not run.',
    details: { stage: stage.name },
    cause: error,
  });
  return StageOutput.fail(failed, { retryable: false });
}

function conditionNotBoolean(stage: CompiledStage, value: unknown): StageOutput<never> {
  const got = value instanceof Promise ? 'a promise' : value === null ? 'null' : typeof value;
  const failed = new StageflowError({
    code: 'STAGE_CONDITION_FAILED',
    message: `The condition of stage "${stage.name}" gave ${got}.`,
    fix: 'A condition must return true or false, at once; the stage was not run.',
    details: { stage: stage.name, got },
  });
  return StageOutput.fail(failed, { retryable: false });
}

/** What a retry request becomes that nobody answered. */
export function retryUnhandled(stage: CompiledStage, output: StageOutput): StageFailure {
  const error = new StageflowError({
    code: 'STAGE_RETRY_EXHAUSTED',
    message: `Stage "${stage.name}" asked to be retried: ${output.reason}. Nothing around it retries.`,
    fix: 'Add @Intercept(RetryInterceptor.with({ attempts: 3 })), or return fail.',
    details: { stage: stage.name, reason: output.reason },
  });
  return { error, code: error.code, retryable: true, hint: null };
}

export function openFailed(pipeline: string, error: unknown): StageflowError {
  if (error instanceof StageflowError) return error;
  return new StageflowError({
    code: 'DI_CONSTRUCTION_FAILED',
    message: `What a run of pipeline "${pipeline}" needs could not be built: ${messageOf(error)}.`,
    details: { pipeline },
    cause: error,
  });
}
