import { Scope, type Token } from '../metadata/index.js';
import type { BoundPipeline, BoundStage } from '../run/index.js';
import type { StageSpec } from '../stage/index.js';
import { type ToolBelt, ToolExecutor, type ToolServices } from '../tools/index.js';
import type { ApplicationPlan } from './application-plan.js';
import { bindStage, interceptorOf, ruleOf } from './bind-stage.js';
import { bootSingletons } from './boot.js';
import { DisposalList, type DisposeFailure } from './disposal.js';
import { type Frame, UNBUILT } from './frame.js';
import { InstanceBuilder } from './instance-builder.js';
import { hidden, notAtOnce, nowhere, outsideRun } from './lookup-errors.js';
import { Pending } from './pending.js';
import type { PlannedPipeline } from './pipeline-plan.js';
import type { PlanNode } from './plan-node.js';
import { compileRunScope } from './run-scope.js';
import { pathToRun } from './scope-bubbling.js';
import { bindPlannedTools, type PlannedTool } from './tool-plan.js';
import type { ModuleNode } from './wiring-records.js';

/** What a plan has become: its singletons, and its pipelines with something to run behind every stage. */
export class Application {
  readonly plan: ApplicationPlan;
  /** By the module that has the stages. */
  readonly pipelines = new Map<ModuleNode, BoundPipeline>();
  /** Of modules that are no pipelines. */
  readonly toolSets = new Map<ModuleNode, ToolBelt>();
  readonly #frame: Frame;
  readonly #builder: InstanceBuilder;
  /** Interceptors and access policies. */
  readonly #interceptors = new Map<PlanNode, unknown>();

  /** One for all pipelines, so that limits and locks hold across them. */
  readonly #tools: ToolExecutor;

  private constructor(plan: ApplicationPlan, services: ToolServices) {
    this.plan = plan;
    this.#tools = new ToolExecutor(services);
    const values = new Array<unknown>(plan.nodes.length).fill(UNBUILT);
    this.#frame = { values, run: null, owned: new DisposalList(valuesOfUser(plan)) };
    this.#builder = new InstanceBuilder(values);
  }

  /**
   * Builds everything that all runs share. If that fails, what was built is disposed again.
   * @throws DI_CONSTRUCTION_FAILED
   */
  static async build(plan: ApplicationPlan, services: ToolServices = {}): Promise<Application> {
    const application = new Application(plan, services);
    try {
      await bootSingletons(plan.nodes, application.#builder, application.#frame);
      for (const pipeline of plan.pipelines) await application.#bind(pipeline);
      for (const { module, tools } of plan.toolSets)
        application.toolSets.set(module, await application.#bindTools(tools));
    } catch (error) {
      await application.dispose();
      throw error;
    }
    return application;
  }

  /** What a token stands for in the root module. @throws DI_MISSING_PROVIDER, DI_NOT_EXPORTED, DI_OUTSIDE_RUN */
  get(token: Token): unknown {
    const { resolver, root, nodeOf, tsyringe } = this.plan;
    const lookup = resolver.find(root, token);
    if (lookup.kind === 'missing') throw nowhere(token, root);
    if (lookup.kind !== 'found') throw hidden(token, lookup.owner, root);
    const node = nodeOf.get(lookup.record);
    if (lookup.record.source.kind === 'run') throw outsideRun(token, []);
    // Nothing that was planned needs it, so it is tsyringe's alone.
    if (node === undefined) return tsyringe.resolve(token);
    if (node.needsRun) throw outsideRun(token, pathToRun(node));
    // A transient made here belongs to the caller, who disposes it.
    const value = this.#builder.reader(node)({ ...this.#frame, owned: new DisposalList(new WeakSet()) });
    if (!Pending.is(value)) return value;
    value.settled.catch(() => {});
    throw notAtOnce(token);
  }

  /** What the root module sees and all runs share, with its value. */
  *shared(): Iterable<readonly [Token, unknown]> {
    const { root, nodeOf } = this.plan;
    for (const records of [...root.imports.toReversed().map((imported) => imported.exported), root.own]) {
      for (const [token, record] of records) {
        const node = nodeOf.get(record);
        if (node?.scope === Scope.Singleton) yield [token, this.#frame.values[node.index]];
      }
    }
  }

  dispose(): Promise<readonly DisposeFailure[]> {
    return this.#frame.owned.disposeAll();
  }

  async #bind({ module, graph, contracts, stages, tools: planned }: PlannedPipeline): Promise<void> {
    if (graph === null) throw new TypeError(`${module.name} has no graph, though nothing was reported.`);
    const slots = stages.flatMap((stage) => stage.interceptors);
    const instances = await this.#takeAll(stages.map(({ node }) => (node.needsRun ? null : node)));
    await this.#takeInterceptors([...slots, ...stages.flatMap((stage) => stage.access)]);
    const valueOfNode = (node: PlanNode): unknown => this.#interceptors.get(node);
    const bound = stages.map<BoundStage>((stage, index) => {
      const instance = stage.node.needsRun ? null : { shared: instances[index] };
      return bindStage(
        stage,
        { spec: graph.stages[index] as StageSpec, pipeline: graph.name, contracts: contracts[index] ?? null },
        instance,
        valueOfNode,
      );
    });
    const nodes = stages.map((stage) => stage.node);
    const openRun = compileRunScope(nodes, this.#frame.values, this.#frame.owned);
    const tools = planned.length === 0 ? null : { tools: await this.#bindTools(planned) };
    this.pipelines.set(module, { graph, stages: bound, openRun, ...tools });
  }

  async #bindTools(planned: readonly PlannedTool[]): Promise<ToolBelt> {
    await this.#takeInterceptors(planned.flatMap(({ around, own, access }) => [...around, ...own, ...access]));
    const instances = await this.#takeAll(planned.map(({ node }) => node));
    const valueOfNode = (node: PlanNode): unknown => this.#interceptors.get(node);
    return bindPlannedTools(
      planned,
      instances,
      this.#tools,
      (slot) => interceptorOf(slot, valueOfNode),
      (slot) => ruleOf(slot, valueOfNode),
    );
  }

  /** One instance each, also of what is declared transient. */
  async #takeInterceptors(slots: readonly { readonly node: PlanNode | null }[]): Promise<void> {
    const nodes = new Set(slots.flatMap(({ node }) => (node === null || this.#interceptors.has(node) ? [] : [node])));
    const wanted = [...nodes];
    const taken = await this.#takeAll(wanted);
    wanted.forEach((node, index) => {
      this.#interceptors.set(node, taken[index]);
    });
  }

  /** The values of nodes, in order; an array, since a value may itself be thenable. */
  async #takeAll(nodes: readonly (PlanNode | null)[]): Promise<readonly unknown[]> {
    const taken = nodes.map((node) => (node === null ? null : this.#builder.reader(node)(this.#frame)));
    await Promise.all(taken.map((value) => (Pending.is(value) ? value.settled : undefined)));
    return taken.map((value) => (Pending.is(value) ? value.value : value));
  }
}

/** What is provided as a value stays with whoever made it. */
function valuesOfUser({ nodes }: ApplicationPlan): WeakSet<object> {
  const values = new WeakSet<object>();
  for (const { source } of nodes.map((node) => node.record)) {
    if (source.kind !== 'value') continue;
    const { value } = source;
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') values.add(value);
  }
  return values;
}
