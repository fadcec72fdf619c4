import { combineRules } from '../auth/index.js';
import { DefinitionError } from '../errors/index.js';
import { ClosestName } from '../graph/index.js';
import { readOwnMetadata } from '../metadata/index.js';
import type { UntypedStageOptions } from './builder-types.js';
import type { BuilderStage } from './declare-builder-stage.js';

interface Parts {
  readonly name: string;
  readonly stages: Iterable<BuilderStage>;
}

/** The stages of a pipeline with one in the place of that of its name. @throws DefinitionError with GRAPH_UNKNOWN_STAGE */
export function replaceStage(pipeline: Parts, by: BuilderStage, options: UntypedStageOptions): BuilderStage[] {
  const stages = [...pipeline.stages];
  const place = stages.findIndex(({ name }) => name === by.name);
  if (place < 0) throw unknownStage(pipeline.name, by.name, stages);
  stages[place] = inPlaceOf(stages[place] as BuilderStage, by, options);
  return stages;
}

/**
 * A stage in the place of another: it keeps what the other said, name, dependencies, condition, limit, priority and contracts,
 * except where it says something itself. Interceptors and access rules are added to those of the other, so that nothing which
 * protected it is lost; those who depend on the other's class find it by that.
 */
function inPlaceOf(old: BuilderStage, by: BuilderStage, options: UntypedStageOptions): BuilderStage {
  const isDecorated = by.stageClass !== null && readOwnMetadata('stage', by.stageClass) !== undefined;
  const keepsEdges = options.dependsOn === undefined && by.dependencies.length === 0;
  return {
    name: old.name,
    namespace: old.namespace,
    kind: options.kind === undefined && !isDecorated ? old.kind : by.kind,
    timeoutMs: by.timeoutMs ?? old.timeoutMs,
    priority: options.priority ?? (by.priority === 0 ? old.priority : by.priority),
    dependencies: keepsEdges ? old.dependencies : by.dependencies,
    quorums: keepsEdges ? old.quorums : by.quorums,
    condition: by.condition ?? old.condition,
    interceptors: [...old.interceptors, ...by.interceptors],
    skips: [...old.skips, ...by.skips],
    access: combineRules(old.access, by.access),
    stageClass: old.stageClass ?? by.stageClass,
    retryFrom: by.retryFrom ?? old.retryFrom,
    compensates: by.compensates || old.compensate !== null,
    compensate: by.compensate ?? old.compensate,
    idempotent: options.idempotent === undefined && !isDecorated ? old.idempotent : by.idempotent,
    output: by.output ?? old.output,
    input: by.input ?? old.input,
    driver: by.driver,
    target: by.target,
    pipeline: by.pipeline,
    source: by.source,
    conditionSource: by.condition === null ? old.conditionSource : by.conditionSource,
  };
}

function unknownStage(pipeline: string, stage: string, stages: readonly BuilderStage[]): DefinitionError {
  const names = new Map(stages.map(({ name }) => [name, name]));
  const suggestion = new ClosestName(names).of(stage);
  return new DefinitionError(`pipeline "${pipeline}"`, [
    {
      code: 'GRAPH_UNKNOWN_STAGE',
      message: `Pipeline "${pipeline}" has no stage "${stage}" to replace.`,
      fix: suggestion === undefined ? 'Add it with withStage(…).' : `Did you mean "${suggestion}"?`,
      details: { pipeline, stage, known: [...names.keys()] },
    },
  ]);
}
