import { DefinitionError, type Problem } from '../errors/index.js';
import type { CustomProvider, ModuleLike } from '../metadata/index.js';
import type { PipelineRegistry } from '../pipeline/index.js';
import { callersUnknown } from '../run/index.js';
import { type AnyInterceptor, type InterceptorLike, isInterceptor } from '../stage/index.js';
import { checkCaptiveScopes } from './captive-scopes.js';
import { requireKnownChildren } from './child-pipelines.js';
import { readExports } from './exports.js';
import type { InterceptorSlot } from './interceptor-slot.js';
import { readModules } from './module-graph.js';
import { type ModuleReplacement, ModuleReplacements } from './module-replacements.js';
import { Overrides } from './overrides.js';
import { PipelinePlanner, type PlannedPipeline, type PlannedToolSet } from './pipeline-plan.js';
import type { PlanNode } from './plan-node.js';
import { orderNodes } from './plan-order.js';
import { Planner } from './planner.js';
import { nameValue, ProblemList } from './problem-list.js';
import { readProviders } from './provider-reader.js';
import { registryRecord } from './registry-record.js';
import { type Mocker, Resolver } from './resolver.js';
import { bubbleScopes } from './scope-bubbling.js';
import type { TsyringeContainer } from './tsyringe-container.js';
import { TsyringeScope } from './tsyringe-scope.js';
import type { ModuleNode } from './wiring-records.js';

export interface PlanOptions {
  readonly interceptors: readonly InterceptorLike[];
  /** Outside of all others of their priority. */
  readonly stack: readonly AnyInterceptor[];
  readonly overrides: readonly CustomProvider[];
  readonly moduleOverrides: readonly ModuleReplacement[];
  /** Makes what nobody provides. */
  readonly mocker: Mocker | null;
  readonly tsyringe: TsyringeContainer;
  /** Something tells who calls, so that access rules may be there. */
  readonly callersKnown: boolean;
  /** What constructors get that ask for the pipelines of the application; filled once these are there. */
  readonly registry: PipelineRegistry;
}

/** An application before anything of it is built: all that can be known from its classes, found to be sound. */
export interface ApplicationPlan {
  readonly root: ModuleNode;
  /** Imported ones before their importers. */
  readonly modules: readonly ModuleNode[];
  /** Each after what it needs. */
  readonly nodes: readonly PlanNode[];
  readonly nodeOf: ReadonlyMap<PlanNode['record'], PlanNode>;
  readonly pipelines: readonly PlannedPipeline[];
  readonly toolSets: readonly PlannedToolSet[];
  readonly appInterceptors: readonly InterceptorSlot[];
  readonly resolver: Resolver;
  readonly tsyringe: TsyringeContainer;
}

/** What can be told of an application, sound or not. */
export interface ApplicationSurvey {
  /** The name of the root module; null if it is none. */
  readonly root: string | null;
  readonly problems: readonly Problem[];
  /** Those that could be read. */
  readonly pipelines: readonly PlannedPipeline[];
  readonly toolSets: readonly PlannedToolSet[];
  /** Null if there are problems. */
  readonly plan: ApplicationPlan | null;
}

/**
 * Plans an application from its root module. Nothing is constructed and no factory called.
 * @throws DefinitionError with everything that is wrong
 */
export function planApplication(rootModule: ModuleLike, options: PlanOptions): ApplicationPlan {
  const { plan, problems, root } = surveyApplication(rootModule, options);
  if (plan === null) throw new DefinitionError(root === null ? 'the application' : `application ${root}`, problems);
  return plan;
}

/** As `planApplication`, for those who want to look at what is wrong. */
export function surveyApplication(rootModule: ModuleLike, options: PlanOptions): ApplicationSurvey {
  const problems = new ProblemList();
  const overrides = new Overrides(options.overrides, problems);
  const replacements = new ModuleReplacements(options.moduleOverrides);
  const modules = readModules(rootModule, problems, (imported) => replacements.standFor(imported));
  const root = modules.at(-1);
  if (root === undefined) return { root: null, problems: problems.problems, pipelines: [], toolSets: [], plan: null };
  for (const module of modules) {
    readProviders(module, overrides, problems);
    readExports(module, problems);
  }
  const everywhere = [registryRecord(options.registry)];
  const resolver = new Resolver(
    root,
    modules,
    overrides,
    new TsyringeScope(options.tsyringe),
    everywhere,
    options.mocker,
  );
  const planner = new Planner(resolver, problems);
  const interceptors = [...options.stack, ...checkInterceptors(options.interceptors, problems)];
  const pipelines = new PipelinePlanner(planner, root, interceptors, overrides, problems);
  const planned = pipelines.plan(modules);
  const toolSets = pipelines.planToolSets(modules);
  requireKnownChildren(planned, problems);
  if (!options.callersKnown) requireKnownCallers(root.name, planned, problems);
  // What stages need first, so that the chain in a message starts at a stage where there is one.
  planner.follow();
  for (const module of modules.toReversed()) {
    for (const record of module.own.values()) planner.add(record, module);
  }
  for (const record of resolver.everywhere.values()) planner.add(record, root);
  planner.follow();
  planner.reportUnresolved();
  const nodes = orderNodes(planner.nodes, problems);
  bubbleScopes(nodes);
  checkCaptiveScopes(nodes, planner, options.tsyringe, problems);
  overrides.reportUnused(
    nodes.map((node) => node.record.token),
    problems,
  );
  replacements.reportUnused(problems);
  const survey = { root: root.name, problems: problems.problems, pipelines: planned, toolSets };
  if (problems.problems.length > 0) return { ...survey, plan: null };
  const nodeOf = new Map(nodes.map((node) => [node.record, node]));
  const { appInterceptors } = pipelines;
  const { tsyringe } = options;
  return {
    ...survey,
    plan: { root, modules, nodes, nodeOf, pipelines: planned, toolSets, appInterceptors, resolver, tsyringe },
  };
}

function requireKnownCallers(root: string, pipelines: readonly PlannedPipeline[], problems: ProblemList): void {
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  const problem = callersUnknown(
    `Application ${root}`,
    stages.map(({ declaration, access }) => [declaration.name, access.map(({ rule }) => rule)]),
  );
  if (problem !== null) problems.include([problem]);
}

function checkInterceptors(
  interceptors: readonly InterceptorLike[],
  problems: ProblemList,
): readonly InterceptorLike[] {
  return interceptors.filter((like, index) => {
    if (typeof like === 'function' || isInterceptor(like)) return true;
    const where = `interceptors[${index}] of the application`;
    const message = `${where} is ${nameValue(like)}, which is not an interceptor.`;
    problems.add(
      'DI_INVALID_PROVIDER',
      message,
      'Give a class or an object with intercept(ctx, next), or with before(ctx) or after(ctx, output).',
      { where },
    );
    return false;
  });
}
