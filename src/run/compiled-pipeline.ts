import type { AccessRule } from '../auth/index.js';
import { labelOf } from '../contracts/index.js';
import { type Core, compose, type StageCall, sortByPriority, TimeoutInterceptor } from '../interceptors/index.js';
import { type StageClass, StageKind, StageOutput, type StageSpec } from '../stage/index.js';
import { Ancestry } from './ancestry.js';
import type { BoundPipeline, BoundStage } from './bound-pipeline.js';
import type { CallerRules } from './caller-rules.js';
import { requireKnownCallers } from './callers-unknown.js';
import type { CompiledPipeline, CompiledStage } from './compiled-stage.js';
import { cancelledError } from './context-errors.js';
import { callBody, isSameExecution } from './execution-context.js';
import { Expectations } from './expectations.js';
import { type GuardLoop, guardLoops } from './guard-loop.js';
import { keepLarge } from './large-output.js';
import { OutputContract } from './output-contract.js';
import type { SchedulePlan } from './scheduler.js';

/**
 * @param thresholdBytes outputs of more bytes are kept as artifacts; Infinity for none
 * @throws AUTH_NOT_CONFIGURED if stages have access rules, and nothing tells who calls
 */
export function compilePipeline(bound: BoundPipeline, callers: CallerRules, thresholdBytes: number): CompiledPipeline {
  requireKnownCallers(bound, callers.known);
  const { graph } = bound;
  const tolerated = toleratedStages(bound);
  const loops = guardLoops(graph);
  const stages = graph.stages.map((spec, index) =>
    compileStage(bound, spec, index, tolerated[index] === 1, loops[index] ?? null, callers.unruled, thresholdBytes),
  );
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
  unruled: readonly AccessRule[] | null,
  thresholdBytes: number,
): CompiledStage {
  const stage = bound.stages[index] as BoundStage;
  const limitMs = spec.timeoutMs ?? 0;
  const { contracts } = stage;
  const access = stage.access === undefined || stage.access.length === 0 ? unruled : stage.access;
  const output = contracts?.output ?? null;
  const compensates = spec.compensates === true;
  const isPlain = contracts === null && loop === null && !compensates && thresholdBytes === Number.POSITIVE_INFINITY;
  const wrapped = stage.interceptors.length > 0 || !isPlain;
  return {
    index,
    spec,
    name: spec.name,
    instance: stage.instance,
    stageClass: stage.stageClass,
    namespace: stage.namespace ?? '',
    condition: stage.condition,
    access,
    isOpen: access === null && stage.condition === null && spec.quorums === undefined,
    dependencies: bound.graph.topology.dependencies[index] as readonly number[],
    onion: wrapped ? compileOnion(stage, spec, limitMs, thresholdBytes) : null,
    outputClass: typeof output?.model === 'function' ? output.model : null,
    contract: output === null ? null : labelOf(output),
    directLimitMs: wrapped ? 0 : limitMs,
    tolerated,
    compensates,
    loop,
  };
}

function compileOnion(stage: BoundStage, spec: StageSpec, limitMs: number, thresholdBytes: number): StageCall {
  const layers = limitMs > 0 ? [...stage.interceptors, TimeoutInterceptor.with({ limitMs })] : stage.interceptors;
  const { contracts } = stage;
  const output =
    contracts === null || contracts.output === null ? null : new OutputContract(contracts.output, spec.name);
  const core: Core = { body: keeping(callBody, output), belongs: isSameExecution };
  const onion = storing(keeping(compose(sortByPriority(layers), core, spec), output), thresholdBytes);
  return contracts === null ? onion : expecting(new Expectations(contracts, spec.name), onion);
}

/** Inside the onion for what the stage returns, and around it for what interceptors make of that. */
function keeping(call: StageCall, contract: OutputContract | null): StageCall {
  return contract === null ? call : (ctx) => call(ctx).then((output) => contract.keep(output));
}

function storing(call: StageCall, thresholdBytes: number): StageCall {
  if (thresholdBytes === Number.POSITIVE_INFINITY) return call;
  return (ctx) => call(ctx).then((output) => keepLarge(ctx, output, thresholdBytes));
}

function expecting(expectations: Expectations, call: StageCall): StageCall {
  if (!expectations.any) return call;
  return async (ctx) => {
    const refusal = await expectations.refuse(ctx);
    if (refusal !== null) return refusal;
    return ctx.cancelled ? StageOutput.fail(cancelledError(ctx.stage.name, ctx.signal.reason)) : call(ctx);
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
