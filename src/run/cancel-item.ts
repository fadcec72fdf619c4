import type { RunState } from './run-state.js';

/** Cancels one item of a stage, at once or when its turn comes. @returns whether it had not ended yet */
export function cancelItem(run: RunState, index: number, key: string, reason: unknown): boolean {
  const execution = run.executions[index];
  if (execution === undefined || run.life.decided) return false;
  return run.resources.items.get(execution)?.cancel(key, reason) ?? false;
}
