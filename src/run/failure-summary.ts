import type { CompensationReport } from './compensation-report.js';
import type { CompiledPipeline, CompiledStage } from './compiled-stage.js';
import { type StageExecution, StageState } from './stage-execution.js';
import { isTolerated } from './tolerated.js';

/** A stage that could not run, and the failed or cancelled stages it was waiting for, directly or through others. */
export interface SkippedStage {
  readonly stage: string;
  readonly because: readonly string[];
}

/** What became of a run that failed or was cancelled, by stage name, each in declaration order. Holds no data of yours. */
export interface FailureSummary {
  readonly failed: readonly string[];
  /** Those of `failed` that did not end the run: whatever depends on them can do without. */
  readonly tolerated: readonly string[];
  readonly cancelled: readonly string[];
  /** Skipped because of the above. A stage that was not selected, or skipped itself, is in none of these lists. */
  readonly skipped: readonly SkippedStage[];
  /** The run ended before their turn. */
  readonly notStarted: readonly string[];
  /** Completed, and not undone. */
  readonly stands: readonly string[];
  readonly undone: readonly string[];
  readonly notUndone: readonly string[];
  /** All of it in sentences. */
  readonly text: string;
}

export function summarise(
  compiled: CompiledPipeline,
  executions: readonly (StageExecution | undefined)[],
  compensation: CompensationReport | null,
): FailureSummary {
  const names = (isMeant: (execution: StageExecution | undefined) => boolean): string[] =>
    compiled.stages.filter(({ index }) => isMeant(executions[index])).map(({ name }) => name);
  // Once each, however often a guard had it done again.
  const undone = [...new Set(compensation?.undone)];
  const lists = {
    failed: names((it) => it?.state === StageState.Fail),
    tolerated: names((it) => it?.state === StageState.Fail && isTolerated(it)),
    cancelled: names((it) => it?.state === StageState.Cancel),
    skipped: skippedStages(compiled, executions),
    notStarted: names((it) => it === undefined || !it.settled),
    stands: names((it) => it?.state === StageState.Ok).filter((name) => !undone.includes(name)),
    undone,
    notUndone: compensation?.failed.map(({ stage }) => stage) ?? [],
  };
  return Object.freeze({ ...lists, text: textOf(lists) });
}

function skippedStages(
  { stages, bound }: CompiledPipeline,
  executions: readonly (StageExecution | undefined)[],
): SkippedStage[] {
  const causes = new Map<number, ReadonlySet<string>>();
  // In topological order, so that what a stage waits for is known before it.
  for (const index of bound.graph.topology.order) {
    const execution = executions[index];
    if (execution === undefined) continue;
    const { state, skipCause, stage } = execution;
    if (state === StageState.Fail || state === StageState.Cancel) causes.set(index, new Set([stage.name]));
    else if (skipCause === 'dependency-failed' || skipCause === 'dependency-cancelled') {
      causes.set(index, causesOf(stage, causes));
    }
  }
  return stages.flatMap(({ index, name }) => {
    const because = executions[index]?.state === StageState.Skip ? causes.get(index) : undefined;
    return because === undefined ? [] : [{ stage: name, because: [...because] }];
  });
}

/** Those of its dependencies; the same set where there is one only, so that a long chain costs no more than its length. */
function causesOf(stage: CompiledStage, causes: ReadonlyMap<number, ReadonlySet<string>>): ReadonlySet<string> {
  const required = stage.dependencies.filter((_, place) => stage.spec.dependsOn[place]?.optional === false);
  const found = new Set(required.flatMap((index) => causes.get(index) ?? []));
  if (found.size === 1) return [...found][0] as ReadonlySet<string>;
  return new Set([...found].flatMap((names) => [...names]));
}

function textOf(lists: Omit<FailureSummary, 'text'>): string {
  const { failed, tolerated, cancelled, skipped, notStarted, stands, undone, notUndone } = lists;
  const because = skipped.map(({ stage, because: names }) => `"${stage}" (because of ${quoted(names)})`);
  const parts: [label: string, text: string][] = [
    ['Failed', quoted(failed)],
    ['Of these tolerated', quoted(tolerated)],
    ['Cancelled', quoted(cancelled)],
    ['Skipped', because.join(', ')],
    ['Not started', quoted(notStarted)],
    ['Stands', quoted(stands)],
    ['Undone', quoted(undone)],
    ['Could not be undone', quoted(notUndone)],
  ];
  const said = parts.filter(([, text]) => text !== '').map(([label, text]) => `${label}: ${text}.`);
  return said.join(' ');
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
