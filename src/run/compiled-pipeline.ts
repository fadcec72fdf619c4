import type { AccessRule } from '../auth/index.js';
import { type Core, compose, type StageCall, sortByPriority, TimeoutInterceptor } from '../interceptors/index.js';
import { type StageClass, StageKind, type StageSpec } from '../stage/index.js';
import type { BoundPipeline, BoundStage } from './bound-pipeline.js';
import type { CallerRules } from './caller-rules.js';
import { requireKnownCallers } from './callers-unknown.js';
import type { CompiledPipeline, CompiledStage } from './compiled-stage.js';
import { callBody, isSameExecution } from './execution-context.js';
import type { SchedulePlan } from './scheduler.js';

/** @throws AUTH_NOT_CONFIGURED if stages have access rules, and nothing tells who calls */
export function compilePipeline(bound: BoundPipeline, callers: CallerRules): CompiledPipeline {
  requireKnownCallers(bound, callers.known);
  const { graph } = bound;
  const tolerated = toleratedStages(bound);
  const stages = graph.stages.map((spec, index) =>
    compileStage(bound, spec, index, tolerated[index] === 1, callers.unruled),
  );
  return {
    bound,
    stages,
    schedule: compileSchedule(bound),
    limit: graph.maxConcurrency ?? Number.POSITIVE_INFINITY,
    byClass: indexByClass(stages),
  };
}

function compileStage(
  bound: BoundPipeline,
  spec: StageSpec,
  index: number,
  tolerated: boolean,
  unruled: readonly AccessRule[] | null,
): CompiledStage {
  const stage = bound.stages[index] as BoundStage;
  const limitMs = spec.timeoutMs ?? 0;
  const wrapped = stage.interceptors.length > 0;
  return {
    index,
    spec,
    name: spec.name,
    instance: stage.instance,
    stageClass: stage.stageClass,
    condition: stage.condition,
    access: stage.access === undefined || stage.access.length === 0 ? unruled : stage.access,
    dependencies: bound.graph.topology.dependencies[index] as readonly number[],
    onion: wrapped ? compileOnion(stage, spec, limitMs) : null,
    directLimitMs: wrapped ? 0 : limitMs,
    tolerated,
  };
}

const CORE: Core = { body: callBody, belongs: isSameExecution };

function compileOnion(stage: BoundStage, spec: StageSpec, limitMs: number): StageCall {
  const layers = limitMs > 0 ? [...stage.interceptors, TimeoutInterceptor.with({ limitMs })] : stage.interceptors;
  return compose(sortByPriority(layers), CORE, spec);
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
