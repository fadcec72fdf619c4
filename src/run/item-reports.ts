/* The events of items. Their keys are made by the program of what may hold secrets, so they are masked. */
import type { StageFailure } from '../stage/index.js';
import type { ItemExecution } from './item-execution.js';
import type { RunState } from './run-state.js';

export function reportStarted(run: RunState, item: ItemExecution): void {
  if (run.reporter.active) run.reporter.rare({ type: 'stage.item.started', ...placeOf(run, item) });
}

export function reportCompleted(run: RunState, item: ItemExecution): void {
  if (!run.reporter.active) return;
  const { attempts } = item;
  run.reporter.rare({
    type: 'stage.item.completed',
    ...placeOf(run, item),
    durationMs: durationOf(run, item),
    attempts,
  });
}

export function reportFailed(run: RunState, item: ItemExecution, failure: StageFailure): void {
  if (!run.reporter.active) return;
  const { attempts, stage } = item;
  const place = { ...placeOf(run, item), durationMs: durationOf(run, item), attempts };
  run.reporter.rare({ type: 'stage.item.failed', ...place, error: run.reporter.errorOf(failure, stage) });
}

export function reportSkipped(run: RunState, item: ItemExecution, reason: string): void {
  if (!run.reporter.active) return;
  run.reporter.rare({ type: 'stage.item.skipped', ...placeOf(run, item), reason: masked(run, item, reason) });
}

export function reportCancelled(run: RunState, item: ItemExecution, reason: string): void {
  if (!run.reporter.active) return;
  const place = { ...placeOf(run, item), durationMs: item.ran ? durationOf(run, item) : 0 };
  run.reporter.rare({ type: 'stage.item.cancelled', ...place, reason: masked(run, item, reason) });
}

function placeOf(run: RunState, item: ItemExecution) {
  return { stage: item.stage.name, key: masked(run, item, item.key), index: item.index };
}

function durationOf({ parts }: RunState, { startedAt }: ItemExecution): number {
  return parts.clock.now() - startedAt;
}

function masked(run: RunState, { stage }: ItemExecution, text: string): string {
  return run.maskerFor(stage)?.text(text) ?? text;
}
