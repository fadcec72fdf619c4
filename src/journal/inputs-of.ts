import type { ContextSnapshot } from '../context/index.js';
import type { StageClass } from '../stage/index.js';
import { journalIncomplete } from './journal-errors.js';
import type { StoredRun } from './stored-run.js';

/** What a stage found when it was called. */
export interface StageInputsThen {
  /** What the run was started with. */
  readonly snapshot: ContextSnapshot;
  /** How each dependency had ended, and what it had handed on, by name. */
  readonly dependencies: ReadonlyMap<string, { readonly status: string; readonly data: object | undefined }>;
}

/**
 * What a stage of a recorded run was given: to look at it, or to call the stage with it again.
 * @throws JOURNAL_INCOMPLETE if the run has no such stage, or something of it was left out
 */
export function inputsOf(run: StoredRun, stage: StageClass | string): StageInputsThen {
  const name = typeof stage === 'string' ? stage : stage.name;
  const spec = run.plan.stages.find((known) => known.name === name);
  if (spec === undefined) {
    const fix = `Ask for one of ${run.plan.stages.map((known) => known.name).join(', ')}.`;
    throw journalIncomplete(run.runId, `stage "${name}"`, `pipeline "${run.pipeline}" has none`, fix);
  }
  const ended = new Map(run.stages.map((entry) => [entry.stage, entry]));
  const dependencies = spec.dependsOn.flatMap(({ stage: dependency }) => {
    const entry = ended.get(dependency);
    if (entry === undefined) return [];
    const data = entry.status === 'ok' ? run.outputOf(dependency) : undefined;
    return [[dependency, { status: entry.status, data }] as const];
  });
  return { snapshot: run.snapshot(), dependencies: new Map(dependencies) };
}
