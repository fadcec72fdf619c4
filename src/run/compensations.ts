/*
 * Undoes the work of a run: in reverse order of completion, one after another, each once, within one budget.
 *
 * Invariants
 *  1. What is to be undone is taken from the list first, so that nothing is undone twice, whatever else happens.
 *  2. When the budget is used up what runs is told through its signal and no longer waited for, and the rest is not begun:
 *     out of order it might do more harm than good.
 *  3. One that fails is reported, and the others are undone all the same.
 */
import { StageflowError } from '../errors/index.js';
import { isCompensating, messageOf } from '../stage/index.js';
import { CancelScope } from './cancel-scope.js';
import { UndoContext } from './compensation-context.js';
import type { CompiledStage } from './compiled-stage.js';
import type { CompletedWork } from './completed-work.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';

/** Undoes those of these stages that completed, after whatever is being undone already. Never rejects. */
export function undoWork(run: RunState, work: CompletedWork, isMeant: (stage: number) => boolean): Promise<void> {
  const meant = work.take(isMeant);
  work.idle = work.idle.then(() => undoAll(run, work, meant));
  return work.idle;
}

async function undoAll(run: RunState, work: CompletedWork, executions: readonly StageExecution[]): Promise<void> {
  const { clock, compensationMs } = run.parts;
  const end = clock.now() + compensationMs;
  for (const execution of executions) {
    const startedAt = clock.now();
    const error = await undoOne(run, execution, end - startedAt);
    run.time.expire();
    report(run, work, execution.stage, error, startedAt);
  }
}

function report(
  { reporter, parts }: RunState,
  work: CompletedWork,
  stage: CompiledStage,
  error: StageflowError | null,
  startedAt: number,
): void {
  if (error === null) {
    work.undone.push(stage.name);
    const durationMs = parts.clock.now() - startedAt;
    reporter.rare({ type: 'stage.compensated', stage: stage.name, durationMs });
    return;
  }
  work.failed.push({ stage: stage.name, error });
  const failure = { error, code: error.code, retryable: false, hint: null };
  reporter.rare({ type: 'stage.compensation_failed', stage: stage.name, error: reporter.errorOf(failure, stage) });
}

/** @returns why it could not be undone; null if it was */
async function undoOne(
  run: RunState,
  { stage, output }: StageExecution,
  leftMs: number,
): Promise<StageflowError | null> {
  const { compensationMs, clock } = run.parts;
  if (leftMs <= 0) return failed(stage.name, `was not begun, since the ${compensationMs} ms for undoing were used up`);
  const scope = new CancelScope();
  const tooLate = failed(stage.name, `had not finished when the ${compensationMs} ms for undoing were used up`);
  let timer: { clear(): void } | null = null;
  const expired = new Promise<StageflowError>((resolve) => {
    timer = clock.setTimer(leftMs, () => {
      scope.cancel(tooLate);
      resolve(tooLate);
    });
  });
  try {
    const instance = run.instanceOf(stage);
    if (!isCompensating(instance)) return failed(stage.name, 'has no method compensate(output, ctx)');
    const undoing = Promise.resolve(instance.compensate(output, new UndoContext(run, stage, scope)));
    return await Promise.race([undoing.then(() => null), expired]);
  } catch (error) {
    return failed(stage.name, `threw: ${messageOf(error)}`, error);
  } finally {
    (timer as { clear(): void } | null)?.clear();
  }
}

function failed(stage: string, what: string, cause?: unknown): StageflowError {
  return new StageflowError({
    code: 'COMPENSATION_FAILED',
    message: `What stage "${stage}" did could not be undone: its compensation ${what}.`,
    fix: 'Undo it by hand.',
    details: { stage },
    ...(cause === undefined ? {} : { cause }),
  });
}
