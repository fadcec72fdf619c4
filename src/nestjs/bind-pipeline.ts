import type { ModulesContainer } from '@nestjs/core';
import {
  bindPlannedTools,
  bindStage,
  interceptorOf,
  type OutsidePlan,
  type PlanNode,
  type PlannedStage,
  type ProviderRecord,
  ruleOf,
} from '../container/index.js';
import { StageflowError } from '../errors/index.js';
import { type ModuleLike, Scope } from '../metadata/index.js';
import { type BoundPipeline, callersUnknown } from '../run/index.js';
import type { StageSpec } from '../stage/index.js';
import { checkShared } from './check-scopes.js';
import { moduleRefOf } from './module-ref.js';
import type { NestRuntime } from './nest-runtime.js';
import { RunOpener } from './run-opener.js';
import { type NestModule, nestModules, type Wrapper } from './wrappers.js';

/**
 * Puts what Nest has built behind the stages of a pipeline.
 * @throws DI_CAPTIVE_SCOPE, DI_INVALID_PROVIDER, AUTH_NOT_CONFIGURED
 */
export async function bindPipeline(
  plan: OutsidePlan,
  rootKey: ModuleLike,
  runtime: NestRuntime,
  container: ModulesContainer,
): Promise<{ readonly pipeline: BoundPipeline; readonly opener: RunOpener | null }> {
  const { module: root, graph, stages, name } = plan.pipeline;
  if (graph === null) throw new TypeError(`${name} has no graph, though nothing was reported.`);
  const modules = nestModules(container);
  const wrapperOf = (record: ProviderRecord): Wrapper => {
    const key = record.home === root ? rootKey : record.home?.key;
    return find(key === undefined ? undefined : modules.get(key), record);
  };
  requireKnownCallers(plan, runtime);
  const wrappers = stages.map(({ node }) => wrapperOf(node.record));
  const shared = new Map<PlanNode, unknown>();
  for (const node of nodesAround(plan)) shared.set(node, await instanceOf(checkShared(wrapperOf(node.record))));
  const valueOfNode = (node: PlanNode): unknown => shared.get(node);
  checkDeclared(plan, wrapperOf);
  const bound = await bindStages(plan, wrappers, valueOfNode, runtime);
  const opener = wrappers.every(isShared) ? null : new RunOpener(wrappers.map(unlessShared), runtime, container);
  const openRun: BoundPipeline['openRun'] = opener === null ? null : (run) => opener.open(run);
  const tools = await toolsOf(plan, wrapperOf, runtime, valueOfNode);
  return { pipeline: { graph, stages: bound, openRun, ...(tools === null ? {} : { tools }) }, opener };
}

async function bindStages(
  { pipeline: { graph, stages, contracts, name } }: OutsidePlan,
  wrappers: readonly Wrapper[],
  valueOfNode: (node: PlanNode) => unknown,
  { interceptors }: NestRuntime,
): Promise<BoundPipeline['stages']> {
  const bound: BoundPipeline['stages'][number][] = [];
  for (let index = 0; index < stages.length; index++) {
    const wrapper = wrappers[index] as Wrapper;
    const built = isShared(wrapper) ? instanceOf(wrapper) : null;
    // Only what Nest makes anew is waited for: promises of what is there would add up over many stages.
    const instance = isShared(wrapper) ? { shared: wrapper.isTransient ? await built : built } : null;
    const place = { spec: graph?.stages[index] as StageSpec, pipeline: name, contracts: contracts[index] ?? null };
    bound.push(bindStage(stages[index] as PlannedStage, place, instance, valueOfNode, interceptors));
  }
  return bound;
}

function isShared(wrapper: Wrapper): boolean {
  return wrapper.isDependencyTreeStatic();
}

function unlessShared(wrapper: Wrapper): Wrapper | null {
  return isShared(wrapper) ? null : wrapper;
}

/** Everything that Nest builds once for all runs, besides stages and tools themselves. */
function nodesAround({ pipeline: { stages, tools } }: OutsidePlan): ReadonlySet<PlanNode> {
  const nodes = new Set<PlanNode>();
  const add = (slots: readonly { readonly node: PlanNode | null }[]): void => {
    for (const { node } of slots) if (node !== null) nodes.add(node);
  };
  for (const { interceptors, access } of stages) {
    add(interceptors);
    add(access);
  }
  for (const { around, own, access } of tools) {
    add(around);
    add(own);
    add(access);
  }
  return nodes;
}

/** Tools serve all runs, as interceptors do. */
async function toolsOf(
  { pipeline: { tools } }: OutsidePlan,
  wrapperOf: (record: ProviderRecord) => Wrapper,
  runtime: NestRuntime,
  valueOfNode: (node: PlanNode) => unknown,
): Promise<ReturnType<typeof bindPlannedTools> | null> {
  if (tools.length === 0) return null;
  const instances: unknown[] = [];
  for (const { node } of tools) instances.push(await instanceOf(checkShared(wrapperOf(node.record))));
  const layer = (slot: Parameters<typeof interceptorOf>[0]) => interceptorOf(slot, valueOfNode);
  const rule = (slot: Parameters<typeof ruleOf>[0]) => ruleOf(slot, valueOfNode);
  return bindPlannedTools(tools, instances, runtime.tools, layer, rule, runtime.interceptors);
}

function find(module: NestModule | undefined, record: ProviderRecord): Wrapper {
  const wrapper = module?.providers.get(record.token as Function);
  if (wrapper === undefined) throw new TypeError(`Nest does not provide ${String(record.token)}, though it was told.`);
  return wrapper;
}

/** One instance; a promise of what is declared transient, which Nest makes anew. */
function instanceOf(wrapper: Wrapper): unknown {
  if (!wrapper.isTransient) return wrapper.instance;
  return moduleRefOf(wrapper).resolve(wrapper.token as Function as never, undefined, { strict: true });
}

/** A class that says that it is a singleton, and needs what belongs to one run. */
function checkDeclared({ modules }: OutsidePlan, wrapperOf: (record: ProviderRecord) => Wrapper): void {
  for (const { own } of modules) {
    for (const record of own.values()) if (record.scope === Scope.Singleton) checkShared(wrapperOf(record));
  }
}

function requireKnownCallers({ pipeline }: OutsidePlan, { callersKnown }: NestRuntime): void {
  if (callersKnown || pipeline.stages.every(({ access }) => access.length === 0)) return;
  const problem = callersUnknown(
    `Pipeline "${pipeline.name}"`,
    pipeline.stages.map(({ declaration, access }) => [declaration.name, access.map(({ rule }) => rule)] as const),
  );
  if (problem === null) return;
  const fix =
    'Give StageflowModule.forRoot an auth function that reads who calls, a verifier, or trustedCallers: true.';
  throw new StageflowError({ ...problem, fix });
}
