import type { Problem } from '../errors/index.js';
import type { StageGraph } from '../graph/index.js';
import { readOwnMetadata } from '../metadata/index.js';
import { declareClass, missingTools, planGraph, type StageDeclaration, unknownSkips } from '../pipeline/index.js';
import type { BoundContracts } from '../run/index.js';
import { type InterceptorLike, inNamespace, type StageClass, StageKind } from '../stage/index.js';
import { type AccessSlot, type ModuleAccess, moduleAccess, planAccess } from './access-plan.js';
import type { InterceptorSlot } from './interceptor-slot.js';
import type { Overrides } from './overrides.js';
import type { PlanNode } from './plan-node.js';
import type { Planner } from './planner.js';
import { nameValue, type ProblemList } from './problem-list.js';
import { type PlannedTool, planTools } from './tool-plan.js';
import { componentsOf, withImports } from './visibility.js';
import type { ModuleNode } from './wiring-records.js';

export interface PlannedStage {
  readonly declaration: StageDeclaration;
  /** The module that lists it. */
  readonly home: ModuleNode;
  readonly node: PlanNode;
  /** Application, module, pipeline, stage: the order in which ties of priority are settled. */
  readonly interceptors: readonly InterceptorSlot[];
  readonly access: readonly AccessSlot[];
}

export interface PlannedPipeline {
  readonly module: ModuleNode;
  readonly name: string;
  /** Null if something is wrong with it, which has been reported. */
  readonly graph: StageGraph | null;
  /** By index of the graph. */
  readonly contracts: readonly (BoundContracts | null)[];
  /** By index of the graph. */
  readonly stages: readonly PlannedStage[];
  readonly tools: readonly PlannedTool[];
}

/** The tools of a module that is no pipeline. */
export interface PlannedToolSet {
  readonly module: ModuleNode;
  readonly tools: readonly PlannedTool[];
}

/** What modules put around every stage that one of them brings into a pipeline. */
interface Surroundings extends ModuleAccess {
  readonly interceptors: readonly InterceptorSlot[];
}

/** Plans the pipelines of an application: one per module with stages. */
export class PipelinePlanner {
  readonly #planner: Planner;
  readonly #problems: ProblemList;
  readonly appInterceptors: readonly InterceptorSlot[];
  readonly #declarations = new Map<StageClass, StageDeclaration>();
  readonly #reported = new Map<string, ModuleNode[]>();

  readonly #overrides: Overrides;

  constructor(
    planner: Planner,
    root: ModuleNode,
    interceptors: readonly InterceptorLike[],
    overrides: Overrides,
    problems: ProblemList,
  ) {
    this.#planner = planner;
    this.#overrides = overrides;
    this.#problems = problems;
    this.appInterceptors = this.#slots(interceptors, root);
  }

  /** @param modules imported ones first, so that what is wrong is reported for the smallest pipeline that has it. */
  plan(modules: readonly ModuleNode[]): readonly PlannedPipeline[] {
    return modules.filter(hasStages).map((module) => this.#pipeline(module));
  }

  /** The tools of modules without stages, for whoever calls tools from outside of pipelines. */
  planToolSets(modules: readonly ModuleNode[]): readonly PlannedToolSet[] {
    return modules
      .filter((module) => !hasStages(module) && module.definition.tools.length > 0)
      .map((module) => ({ module, tools: this.#tools(module) }));
  }

  #tools(module: ModuleNode): readonly PlannedTool[] {
    return planTools(module, this.#planner, this.#problems, this.#slots.bind(this), this.appInterceptors);
  }

  /** The module's own stages plus those of everything it imports, each class once under each prefix, where it is first listed. */
  #pipeline(module: ModuleNode): PlannedPipeline {
    const { name, maxConcurrency, failurePolicy } = module.definition;
    const planned: PlannedStage[] = [];
    const seen = new Map<string, Set<StageClass>>();
    for (const { module: home, namespace } of componentsOf(module)) {
      const known = seen.get(namespace) ?? new Set();
      seen.set(namespace, known);
      let around: Surroundings | null = null; // only what has stages is looked up
      for (const stageClass of home.definition.stages) {
        // What is no class has been reported when the module was read.
        if (typeof stageClass !== 'function' || known.has(stageClass)) continue;
        known.add(stageClass);
        around ??= this.#surroundings(home, module);
        planned.push(this.#stage(inside(this.#declare(stageClass, home), namespace), stageClass, around));
      }
    }
    const declarations = planned.map((stage) => stage.declaration);
    const { graph, contracts, problems } = planGraph(name, declarations, { maxConcurrency, failurePolicy });
    this.#reportGraph(module, problems);
    const tools = this.#tools(module);
    const listed = tools.map(({ toolClass }) => toolClass);
    this.#reportGraph(module, missingTools(name, declarations, listed));
    return { module, name, graph, contracts, stages: planned, tools };
  }

  #surroundings(home: ModuleNode, pipeline: ModuleNode): Surroundings {
    const shared = home === pipeline ? [home] : [home, pipeline];
    const ofModules = shared.flatMap((module) => this.#slots(module.definition.interceptors, module));
    return { ...moduleAccess(home, pipeline), interceptors: [...this.appInterceptors, ...ofModules] };
  }

  #stage(declaration: StageDeclaration, stageClass: StageClass, around: Surroundings): PlannedStage {
    const { home, pipeline } = around;
    const record = home.own.get(stageClass);
    if (record === undefined) throw new TypeError(`${stageClass.name} is listed but not provided in ${home.name}.`);
    if (record.source.kind === 'value') checkStageValue(stageClass, record.source.value, this.#problems);
    const own = declaration.interceptors;
    const interceptors = own.length === 0 ? around.interceptors : [...around.interceptors, ...this.#slots(own, home)];
    if (declaration.skips.length > 0) this.#checkSkips(declaration, interceptors, pipeline);
    const node = this.#planner.add(record, home);
    const access = planAccess(`stage "${declaration.name}"`, declaration.access, around, this.#planner, this.#problems);
    return { declaration, home, node, interceptors, access };
  }

  #checkSkips({ name, skips }: StageDeclaration, interceptors: readonly InterceptorSlot[], pipeline: ModuleNode): void {
    const place = { pipeline: pipeline.definition.name, stage: name };
    const around = interceptors.map(({ like }) => like);
    this.#problems.include(unknownSkips(skips, around, place));
  }

  #slots(interceptors: readonly InterceptorLike[], module: ModuleNode): readonly InterceptorSlot[] {
    return interceptors.map((listed) => {
      const like = this.#overrides.interceptor(listed);
      return { like, node: typeof like === 'function' ? this.#planner.addInterceptor(like, module) : null };
    });
  }

  #declare(stageClass: StageClass, home: ModuleNode): StageDeclaration {
    let declaration = this.#declarations.get(stageClass);
    if (declaration === undefined) {
      const isStage = readOwnMetadata('stage', stageClass) !== undefined;
      declaration = isStage ? declareClass(stageClass, stageClass.name) : undecorated(stageClass);
      if (!isStage) reportNoStage(stageClass, home, this.#problems);
      this.#declarations.set(stageClass, declaration);
    }
    return declaration;
  }

  /** What is wrong in a module is wrong in all that import it, and reported once. */
  #reportGraph(module: ModuleNode, problems: readonly Problem[]): void {
    if (problems.length === 0) return;
    const inside = withImports(module);
    for (const problem of problems) {
      const key = problemKey(problem);
      const reporters = this.#reported.get(key) ?? [];
      if (!reporters.some((reporter) => inside.has(reporter))) this.#problems.include([problem]);
      this.#reported.set(key, [...reporters, module]);
    }
  }
}

function inside(declaration: StageDeclaration, namespace: string): StageDeclaration {
  return namespace === '' ? declaration : { ...declaration, name: inNamespace(namespace, declaration.name), namespace };
}

function checkStageValue(stageClass: StageClass, value: unknown, problems: ProblemList): void {
  if (typeof (value as { readonly execute?: unknown } | null | undefined)?.execute === 'function') return;
  problems.add(
    'DI_INVALID_PROVIDER',
    `${stageClass.name} is a stage, but the value provided for it is ${nameValue(value)} without execute(ctx).`,
    'Provide an object with the method execute.',
    { provider: stageClass.name },
  );
}

/** What is no class among them has been reported when the module was read. */
function hasStages({ definition }: ModuleNode): boolean {
  return definition.stages.some((stageClass) => typeof stageClass === 'function');
}

/** A problem apart from the pipeline it was found in. */
function problemKey({ code, details }: Problem): string {
  const { pipeline: _, at: _at, positions: _positions, suggestion: _suggestion, ...facts } = details;
  return `${code} ${JSON.stringify(facts)}`;
}

/** Stands in the graph for a class without @Stage, so that what depends on it is not reported as well. */
function undecorated(stageClass: StageClass): StageDeclaration {
  return {
    name: stageClass.name,
    namespace: '',
    kind: StageKind.Transform,
    timeoutMs: null,
    priority: 0,
    dependencies: [],
    condition: null,
    quorums: [],
    retryFrom: null,
    compensates: false,
    idempotent: false,
    interceptors: [],
    skips: [],
    access: [],
    driver: null,
    stageClass,
    output: null,
    input: null,
  };
}

function reportNoStage(stageClass: StageClass, home: ModuleNode, problems: ProblemList): void {
  problems.add(
    'METADATA_NOT_A_STAGE',
    `Module ${home.name} lists ${stageClass.name} as a stage, but the class carries no @Stage of its own.`,
    `Put @Stage() on ${stageClass.name}, or remove it from the stages.`,
    { class: stageClass.name, module: home.name },
  );
}
