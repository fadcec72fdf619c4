import { DefinitionError, type Problem } from '../errors/index.js';
import type { BuilderStage } from './declare-builder-stage.js';
import { mergeSettings } from './merge-settings.js';
import type { PipelineOptions } from './pipeline-options.js';
import type { DeclaredDependency } from './stage-declaration.js';

export interface ComposeOptions {
  /** Where both define a stage of one name or a setting differently, take the other's. Default false: that is an error. */
  readonly override?: boolean;
}

interface Composed {
  readonly name: string;
  readonly stages: Iterable<BuilderStage>;
  readonly options: PipelineOptions;
}

/** The stages of both, the first's first, and what both are set to. @throws DefinitionError with GRAPH_COMPOSE_CONFLICT */
export function composeStages(
  first: Composed,
  second: Composed,
  { override = false }: ComposeOptions,
): { readonly stages: readonly BuilderStage[]; readonly options: PipelineOptions } {
  const settings = mergeSettings(first, second, override);
  const stages = [...first.stages];
  const places = new Map(stages.map(({ name }, place) => [name, place]));
  const problems: Problem[] = [...settings.problems];
  for (const stage of second.stages) {
    const place = places.get(stage.name);
    if (place === undefined) stages.push(stage);
    else if (override) stages[place] = stage;
    else if (!isSame(stages[place] as BuilderStage, stage))
      problems.push(conflict(first.name, second.name, stage.name));
  }
  if (problems.length > 0) throw new DefinitionError(`pipeline "${first.name}"`, problems);
  return { stages, options: settings.options };
}

/** The same class, instance or function, declared the same way. */
function isSame(a: BuilderStage, b: BuilderStage): boolean {
  return (
    a.source === b.source &&
    a.namespace === b.namespace &&
    a.kind === b.kind &&
    a.timeoutMs === b.timeoutMs &&
    a.priority === b.priority &&
    a.output === b.output &&
    a.input === b.input &&
    a.compensate === b.compensate &&
    isSamePipeline(a.pipeline, b.pipeline) &&
    isSameList(a.quorums, b.quorums, (x, y) => x.atLeast === y.atLeast && isSameList(x.of, y.of, Object.is)) &&
    isSameRetry(a.retryFrom, b.retryFrom) &&
    isSameList(a.conditionSource, b.conditionSource, Object.is) &&
    isSameList(a.access, b.access, Object.is) &&
    isSameList(a.interceptors, b.interceptors, Object.is) &&
    isSameList(a.skips, b.skips, Object.is) &&
    isSameList(a.dependencies, b.dependencies, isSameDependency)
  );
}

function isSameDependency(a: DeclaredDependency, b: DeclaredDependency): boolean {
  return a.target === b.target && a.optional === b.optional && a.contract === b.contract;
}

function isSamePipeline(a: BuilderStage['pipeline'], b: BuilderStage['pipeline']): boolean {
  if (a === null || b === null) return a === b;
  const { inherit = [], maxConcurrency } = a.settings;
  return (
    a.input === b.input &&
    a.output === b.output &&
    maxConcurrency === b.settings.maxConcurrency &&
    isSameList(inherit, b.settings.inherit ?? [], Object.is)
  );
}

function isSameRetry(a: BuilderStage['retryFrom'], b: BuilderStage['retryFrom']): boolean {
  if (a === null || b === null) return a === b;
  return (['target', 'attempts', 'timeoutMs', 'stagnation'] as const).every((option) => a[option] === b[option]);
}

function isSameList<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
  return a.length === b.length && a.every((item, index) => same(item, b[index] as T));
}

function conflict(pipeline: string, other: string, stage: string): Problem {
  return {
    code: 'GRAPH_COMPOSE_CONFLICT',
    message: `Pipelines "${pipeline}" and "${other}" both define stage "${stage}", differently.`,
    fix: 'Rename one, or compose with { override: true } to take the second.',
    details: { pipeline, other, stage },
  };
}
