import type { AccessRule } from '../auth/index.js';
import { labelOf } from '../contracts/index.js';
import { type StageClass, StageKind, type StageSpec } from '../stage/index.js';
import { Ancestry } from './ancestry.js';
import type { BoundPipeline, BoundStage } from './bound-pipeline.js';
import { entryOf } from './call-stage.js';
import type { CallerRules } from './caller-rules.js';
import { requireKnownCallers } from './callers-unknown.js';
import type { CompiledPipeline, CompiledStage } from './compiled-stage.js';
import { type GuardLoop, guardLoops } from './guard-loop.js';
import { surround } from './onion.js';
import type { SchedulePlan } from './scheduler.js';
import { SharedRules } from './shared-rules.js';

/**
 * @param thresholdBytes outputs of more bytes are kept as artifacts; Infinity for none
 * @throws AUTH_NOT_CONFIGURED if stages have access rules, and nothing tells who calls
 */
export function compilePipeline(bound: BoundPipeline, callers: CallerRules, thresholdBytes: number): CompiledPipeline {
  requireKnownCallers(bound, callers.known);
  const { graph } = bound;
  const tolerated = toleratedStages(bound);
  const loops = guardLoops(graph);
  const shared = new SharedRules();
  const stages = graph.stages.map((spec, index) => {
    const own = bound.stages[index]?.access;
    const access = shared.of(own === undefined || own.length === 0 ? callers.unruled : own);
    return compileStage(bound, spec, index, tolerated[index] === 1, loops[index] ?? null, access, thresholdBytes);
  });
  return {
    bound,
    stages,
    schedule: compileSchedule(bound),
    limit: graph.maxConcurrency ?? Number.POSITIVE_INFINITY,
    byClass: indexByClass(stages),
    ancestry: new Ancestry(graph),
    inputClasses: bound.stages.flatMap(({ contracts }) =>
      typeof contracts?.input?.model === 'function' ? [contracts.input.model] : [],
    ),
  };
}

function compileStage(
  bound: BoundPipeline,
  spec: StageSpec,
  index: number,
  tolerated: boolean,
  loop: GuardLoop | null,
  access: readonly AccessRule[] | null,
  thresholdBytes: number,
): CompiledStage {
  const stage = bound.stages[index] as BoundStage;
  const { contracts, body = null } = stage;
  const output = contracts?.output ?? null;
  const compensates = spec.compensates === true;
  const { onion, inline, outerLimitMs } = surround(stage, spec, thresholdBytes, loop === null && !compensates);
  return {
    index,
    spec,
    name: spec.name,
    instance: stage.instance === null || body === null ? stage.instance : body(stage.instance),
    bodyOfRun: body,
    stageClass: stage.stageClass,
    namespace: stage.namespace ?? '',
    condition: stage.condition,
    access,
    isPublic: access?.every((rule) => rule?.rule === 'public') ?? true,
    asksPolicies: access?.some((rule) => rule?.rule === 'policy') ?? false,
    isOpen: stage.condition === null && spec.quorums === undefined,
    dependencies: bound.graph.topology.dependencies[index] as readonly number[],
    onion,
    inline,
    outerLimitMs,
    enter: entryOf(onion, inline, outerLimitMs),
    outputClass: typeof output?.model === 'function' ? output.model : null,
    contract: output === null ? null : labelOf(output),
    tolerated,
    compensates,
    loop,
  };
}

function compileSchedule({ graph }: BoundPipeline): SchedulePlan {
  const { topology } = graph;
  const roots: number[] = [];
  topology.indegree.forEach((count, index) => {
    if (count === 0) roots.push(index);
  });
  return {
    indegree: Array.from(topology.indegree),
    requiredCount: Array.from(topology.requiredCount),
    dependentOffsets: topology.dependentOffsets,
    dependents: topology.dependents,
    dependentOptional: topology.dependentOptional,
    roots,
    priorities: topology.hasPriorities ? graph.stages.map((stage) => stage.priority) : null,
  };
}

function toleratedStages({ graph }: BoundPipeline): Uint8Array {
  const { dependentOffsets, dependentOptional } = graph.topology;
  const tolerated = new Uint8Array(graph.size);
  for (let stage = 0; stage < graph.size; stage++) {
    const start = dependentOffsets[stage] as number;
    const end = dependentOffsets[stage + 1] as number;
    // A guard that fails must stop the run, whatever hangs off it.
    const isGuard = graph.stages[stage]?.kind === StageKind.Guard;
    let all = end > start && !isGuard ? 1 : 0;
    for (let edge = start; edge < end && all === 1; edge++) all = dependentOptional[edge] as number;
    tolerated[stage] = all;
  }
  return tolerated;
}

function indexByClass(stages: readonly CompiledStage[]): Map<StageClass, number> {
  const byClass = new Map<StageClass, number>();
  for (const { stageClass, index } of stages) {
    if (stageClass !== null) byClass.set(stageClass, byClass.has(stageClass) ? -1 : index);
  }
  return byClass;
}
