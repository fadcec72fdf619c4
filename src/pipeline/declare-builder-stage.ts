import { combineRules } from '../auth/index.js';
import type { ContractSource } from '../contracts/index.js';
import {
  type Compensating,
  isQuorumDependency,
  type SpawnablePipeline,
  type StageClass,
  type StageContext,
  type StageInstance,
  type StageKind,
} from '../stage/index.js';
import type { UntypedStageOptions } from './builder-types.js';
import { declareClass, membersOf } from './declare-stage-class.js';
import { hasOutput } from './has-output.js';
import type { PipelineOptions } from './pipeline-options.js';
import type {
  DeclaredCondition,
  DeclaredDependency,
  DeclaredQuorum,
  DeclaredRetryFrom,
  StageDeclaration,
} from './stage-declaration.js';
import { type PipelineTarget, pipelineTarget } from './sub-pipeline.js';

/** What `withStage` takes as a stage. */
export type BuilderTarget = StageClass | StageInstance | SpawnablePipeline | ((ctx: never) => unknown);

/** A declaration with what runs behind it: an instance, or a class to make one of. */
export interface BuilderStage extends StageDeclaration {
  readonly target: StageClass | StageInstance | null;
  /** The pipeline in its place; null for most stages. */
  readonly pipeline: PipelineTarget | null;
  /** What `withStage` was given: two declarations of one thing are recognised by it. */
  readonly source: unknown;
  /** Undoes what it did, in place of a method of its own. */
  readonly compensate: Compensating['compensate'] | null;
  /** The same of its condition. */
  readonly conditionSource: readonly unknown[];
}

/** Never throws: what is wrong with it is found with everything else that is wrong, when the pipeline is built. */
export function declareBuilderStage(
  name: string,
  target: BuilderTarget,
  kindOrOptions: StageKind | UntypedStageOptions | undefined,
  pipeline: Pick<PipelineOptions, 'interceptors' | 'access'>,
): BuilderStage {
  const { interceptors = [], access = [] } = pipeline;
  const options = typeof kindOrOptions === 'string' ? { kind: kindOrOptions } : (kindOrOptions ?? {});
  const pipelineBehind = pipelineTarget(target, options);
  const runnable = pipelineBehind === null ? runnableOf(target) : null;
  const stageClass = typeof runnable === 'function' ? runnable : null;
  const base = stageClass === null ? PLAIN : declareClass(stageClass, name);
  return {
    name,
    namespace: '',
    kind: options.kind ?? kindOf(runnable) ?? base.kind,
    timeoutMs: options.timeoutMs ?? base.timeoutMs,
    priority: options.priority ?? base.priority,
    dependencies: expecting(
      options.dependsOn === undefined ? base.dependencies : dependenciesOf(options.dependsOn),
      options.expects ?? {},
    ),
    quorums: options.dependsOn === undefined ? base.quorums : quorumsOf(options.dependsOn),
    condition: options.when === undefined ? base.condition : conditionOf(options.when),
    interceptors: [...interceptors, ...base.interceptors, ...(options.interceptors ?? [])],
    skips: [...base.skips, ...(options.skip ?? [])],
    access: combineRules(access, [...base.access, ...(options.access ?? [])]),
    retryFrom: options.retryFrom === undefined ? base.retryFrom : retryFromOf(options.retryFrom),
    compensates: options.compensate !== undefined || base.compensates,
    compensate: options.compensate ?? null,
    idempotent: options.idempotent ?? base.idempotent,
    stageClass,
    output: pipelineBehind === null ? (options.output ?? base.output) : null,
    input: pipelineBehind === null ? (options.input ?? base.input) : null,
    driver: base.driver,
    target: runnable,
    pipeline: pipelineBehind,
    source: target,
    conditionSource: typeof options.when === 'object' ? [options.when.stage, options.when.is] : [options.when],
  };
}

const PLAIN = {
  kind: 'transform',
  timeoutMs: null,
  priority: 0,
  dependencies: [],
  quorums: [],
  condition: null,
  retryFrom: null,
  compensates: false,
  idempotent: false,
  interceptors: [],
  skips: [],
  output: null,
  input: null,
  driver: null,
  access: [],
} as const;

/** A class, an object with `execute`, or such an object around a function; null for anything else. */
function runnableOf(target: unknown): StageClass | StageInstance | null {
  if (typeof target === 'function') {
    return isClass(target) ? (target as StageClass) : { execute: target as StageInstance['execute'] };
  }
  const isStage = typeof target === 'object' && target !== null && 'execute' in target;
  return isStage && typeof target.execute === 'function' ? (target as StageInstance) : null;
}

/** What an instance says of itself, as agents do. */
function kindOf(runnable: StageClass | StageInstance | null): StageKind | undefined {
  return typeof runnable === 'object' ? runnable?.['~kind'] : undefined;
}

/** Whether it has to be called with `new`: a method on the prototype says so, else the source does. */
function isClass(target: Function): boolean {
  const { prototype } = target as { prototype?: { execute?: unknown } };
  return typeof prototype?.execute === 'function' || /^class\b/.test(Function.prototype.toString.call(target));
}

function dependenciesOf(dependsOn: UntypedStageOptions['dependsOn']): readonly DeclaredDependency[] {
  // Whatever is not a list of names reaches the graph as it is, which says so.
  if (!Array.isArray(dependsOn)) return dependsOn as unknown as readonly DeclaredDependency[];
  return dependsOn.flatMap((dependency): DeclaredDependency[] => {
    if (isQuorumDependency(dependency)) return membersOf(dependency);
    return typeof dependency === 'object' && dependency !== null
      ? [{ target: dependency.stage, optional: dependency.optional ?? false, contract: null }]
      : [{ target: dependency, optional: false, contract: null }];
  });
}

function quorumsOf(dependsOn: UntypedStageOptions['dependsOn']): readonly DeclaredQuorum[] {
  if (!Array.isArray(dependsOn)) return [];
  return dependsOn.filter(isQuorumDependency).map(({ atLeast, members }) => ({ atLeast, of: members }));
}

/** An expectation of a stage that is not among the dependencies becomes one, so that nothing named is passed over. */
function expecting(
  dependencies: readonly DeclaredDependency[],
  expects: Readonly<Record<string, ContractSource | undefined>>,
): readonly DeclaredDependency[] {
  const names = Object.keys(expects);
  if (names.length === 0 || !Array.isArray(dependencies)) return dependencies;
  const missing = names.filter((name) => !dependencies.some(({ target }) => nameOf(target) === name));
  const all = [...dependencies, ...missing.map((target) => ({ target, optional: false, contract: null }))];
  return all.map((dependency) => ({
    ...dependency,
    contract: expects[nameOf(dependency.target)] ?? dependency.contract,
  }));
}

function nameOf(target: DeclaredDependency['target']): string {
  return typeof target === 'function' ? target.name : target;
}

/** What is no such object reaches the graph as it is, which says so. */
function retryFromOf(retryFrom: NonNullable<UntypedStageOptions['retryFrom']>): DeclaredRetryFrom {
  const { stage, ...options } = Object(retryFrom) as typeof retryFrom;
  return { target: stage, ...options };
}

function conditionOf(when: NonNullable<UntypedStageOptions['when']>): DeclaredCondition {
  if (typeof when === 'function') return { on: null, predicate: when };
  const { stage, is } = when;
  return { on: stage, predicate: (ctx: StageContext) => hasOutput(ctx, stage) && is(ctx.inputs.from(stage)) };
}
