import type { ContractSource } from '../contracts/index.js';
import type { BoundPipeline } from '../run/index.js';
import type {
  DataOf,
  ItemIterable,
  ItemPolicy,
  JoinedItems,
  LoopResult,
  RefuseOutput,
  RefuseReturn,
  SpawnablePipeline,
  StageInstance,
  StageKind,
  ToolClass,
} from '../stage/index.js';
import type { FunctionTool } from '../tools/index.js';
import { bindStages } from './bind-stages.js';
import { BuildablePipeline } from './buildable-pipeline.js';
import type {
  BuilderContext,
  BuilderDependency,
  BuilderStageOptions,
  HandedOn,
  InPlaceOf,
  RefuseComponent,
  RefusePromise,
  UntypedStageOptions,
  UnusedName,
} from './builder-types.js';
import { type ComposeOptions, composeStages } from './compose-stages.js';
import { type BuilderTarget, declareBuilderStage } from './declare-builder-stage.js';
import { declareItemStage, declareLoopStage } from './declare-item-stage.js';
import type { ForEachStageOptions, ItemOutput, RepeatStageOptions } from './item-stage-types.js';
import type { PipelineOptions } from './pipeline-options.js';
import { prefixStages } from './prefix-stages.js';
import { replaceStage } from './replace-stage.js';
import { StageList } from './stage-list.js';
import type { BindingPlace } from './sub-pipeline.js';
import type { PipelineStageOptions } from './sub-pipeline-types.js';

export type { ComposeOptions, PipelineOptions };

type WithStage<M, N extends string, O> = Pipeline<M & { readonly [K in N]: O }>;

/**
 * Builds a pipeline in code, without a container. An immutable value: every method gives a new pipeline, so a common
 * beginning can be kept and extended. `M` maps the names of its stages to what they hand on.
 */
export class Pipeline<in out M extends object = Record<never, never>> extends BuildablePipeline<M> {
  #stages = StageList.empty;
  #tools: readonly (FunctionTool | ToolClass)[] = [];
  readonly #options: PipelineOptions;

  constructor(name: string, options: PipelineOptions = {}) {
    super(name);
    this.#options = options;
  }

  /** The names of its stages, in declaration order. */
  get stageNames(): readonly string[] {
    return this.#stages.toArray().map(({ name }) => name);
  }

  /**
   * Adds a stage: a class with a constructor that needs nothing, an object with `execute`, or a function. `options` may
   * be just the kind. Nothing is checked at run time before `build`, which finds all problems at once.
   */
  // The function first: tried after the class, the parameter of an arrow function would be any.
  withStage<
    N extends string,
    R,
    const D extends readonly BuilderDependency<M>[] = [],
    S extends ContractSource = never,
  >(
    name: UnusedName<N, M> & N,
    stage: ((ctx: BuilderContext<M, D>) => R) & RefuseOutput<R> & RefuseReturn<R, S>,
    options?: StageKind | BuilderStageOptions<M, D, S, NoInfer<HandedOn<R, S>>>,
  ): WithStage<M, N, HandedOn<R, S>>;
  withStage<
    N extends string,
    C extends new () => StageInstance,
    const D extends readonly BuilderDependency<M>[] = [],
    S extends ContractSource = never,
  >(
    name: UnusedName<N, M> & N,
    stage: C & RefuseReturn<ReturnType<InstanceType<C>['execute']>, S>,
    options?: StageKind | BuilderStageOptions<M, D, S, HandedOn<ReturnType<InstanceType<C>['execute']>, S>>,
  ): WithStage<M, N, HandedOn<ReturnType<InstanceType<C>['execute']>, S>>;
  /**
   * Adds a stage that runs another pipeline, as `ctx.spawn` does, and hands on what that gives. It ends as the run ends:
   * skipped if none of its stages completed, cancelled or failed if it was or did. A pipeline that is not built yet is bound
   * with the options of this one.
   */
  withStage<
    N extends string,
    P extends object,
    const D extends readonly BuilderDependency<M>[] = [],
    R = Readonly<Partial<P>>,
  >(
    name: UnusedName<N, M> & N,
    pipeline: SpawnablePipeline<P>,
    options?: PipelineStageOptions<M, D, P, R & RefuseOutput<R>>,
  ): WithStage<M, N, DataOf<Awaited<R>>>;
  withStage<
    N extends string,
    R,
    const D extends readonly BuilderDependency<M>[] = [],
    S extends ContractSource = never,
  >(
    name: UnusedName<N, M> & N,
    stage: { execute(ctx: BuilderContext<M, D>): R } & RefuseOutput<R> & RefuseReturn<R, S>,
    options?: StageKind | BuilderStageOptions<M, D, S, NoInfer<HandedOn<R, S>>>,
  ): WithStage<M, N, HandedOn<R, S>>;
  withStage(name: string, stage: BuilderTarget, options?: any /* of one of these */): Pipeline<any> {
    return this.#with(this.#stages.with(declareBuilderStage(name, stage, options, this.#options)));
  }

  /**
   * Adds a stage that does its work item by item, of what another stage, which becomes a dependency, has handed on. It is
   * skipped if that has no output. @throws METADATA_OPTION_INVALID for a retry that cannot be
   */
  forEach<
    N extends string,
    S extends keyof M & string,
    T,
    R,
    const D extends readonly BuilderDependency<M>[] = [],
    const P extends ItemPolicy = 'all',
    O = { readonly items: JoinedItems<P, ItemOutput<R>> },
  >(
    name: UnusedName<N, M> & N,
    source: S,
    items: (output: M[S], ctx: BuilderContext<M, [...D, S]>) => ItemIterable<T>,
    options: ForEachStageOptions<M, D, S, T, R, P, O & RefuseOutput<O>>,
  ): WithStage<M, N, DataOf<Awaited<O>>> {
    return this.#with(this.#stages.with(declareItemStage(name, source, items, options, this.#options)));
  }

  /**
   * Adds a stage that does its work again until it is good enough. The build refuses one that nothing bounds.
   */
  repeat<
    N extends string,
    T extends object | void,
    const D extends readonly BuilderDependency<M>[] = [],
    O = LoopResult<DataOf<T>>,
  >(
    name: UnusedName<N, M> & N,
    options: RepeatStageOptions<M, D, T, O & RefuseOutput<O>>,
  ): WithStage<M, N, DataOf<Awaited<O>>> {
    return this.#with(this.#stages.with(declareLoopStage(name, options, this.#options)));
  }

  /**
   * Puts another stage in the place of one: a test double, a cached or regional variant. It keeps the name, and all that
   * `options` and its own decorators do not say otherwise: dependencies, condition, limit, contracts. Interceptors and access
   * rules add to those that are there. Does not compile if it hands on what the dependents cannot read.
   * @throws DefinitionError with GRAPH_UNKNOWN_STAGE if there is no stage of the name
   */
  replace<
    N extends keyof M & string,
    R extends InPlaceOf<M[N]>,
    const D extends readonly BuilderDependency<M>[] = [],
    S extends ContractSource = never,
  >(
    name: N,
    stage: ((ctx: BuilderContext<M, D>) => R) & RefuseReturn<R, S>,
    options?: BuilderStageOptions<M, D, S> & RefusePromise<M[N], S>,
  ): WithStage<Omit<M, N>, N, HandedOn<R, S>>;
  replace<
    N extends keyof M & string,
    C extends new () => { execute(ctx: any): InPlaceOf<M[N]> }, // any: what it reads is checked when it runs, as for a class
    const D extends readonly BuilderDependency<M>[] = [],
    S extends ContractSource = never,
  >(
    name: N,
    stage: C & RefuseReturn<ReturnType<InstanceType<C>['execute']>, S>,
    options?: BuilderStageOptions<M, D, S> & RefusePromise<M[N], S>,
  ): WithStage<Omit<M, N>, N, HandedOn<ReturnType<InstanceType<C>['execute']>, S>>;
  replace<
    N extends keyof M & string,
    R extends InPlaceOf<M[N]>,
    const D extends readonly BuilderDependency<M>[] = [],
    S extends ContractSource = never,
  >(
    name: N,
    stage: { execute(ctx: BuilderContext<M, D>): R } & RefuseReturn<R, S>,
    options?: BuilderStageOptions<M, D, S> & RefusePromise<M[N], S>,
  ): WithStage<Omit<M, N>, N, HandedOn<R, S>>;
  replace(name: string, target: BuilderTarget, options: UntypedStageOptions = {}): Pipeline<any> {
    return this.#with(StageList.of(replaceStage(this.#parts, declareBuilderStage(name, target, options, {}), options)));
  }

  /** Adds tools for its stages: what `defineTool` gave, or classes with @Tool whose constructor needs nothing. */
  withTools(...tools: readonly (FunctionTool | ToolClass)[]): Pipeline<M> {
    const pipeline = this.#with<M>(this.#stages);
    pipeline.#tools = [...new Set([...this.#tools, ...tools])];
    return pipeline;
  }

  /**
   * The stages of both, this one's first. A stage both define identically counts once; a setting that one leaves open the
   * other decides.
   * @throws DefinitionError with GRAPH_COMPOSE_CONFLICT where they differ, unless `override`
   */
  compose<O extends object>(other: Pipeline<O>, options: ComposeOptions = {}): Pipeline<Omit<M, keyof O> & O> {
    const composed = composeStages(this.#parts, other.#parts, options);
    const pipeline = this.#with<Omit<M, keyof O> & O>(StageList.of(composed.stages), composed.options);
    return other.#tools.length === 0 ? pipeline : pipeline.withTools(...other.#tools);
  }

  /**
   * The same pipeline with a component added: a function from a pipeline that has what it builds on to one that has more.
   * Does not compile if this pipeline lacks that, or has a stage of a name that the component adds.
   */
  extend<O extends M>(component: (base: Pipeline<M>) => Pipeline<O>): Pipeline<O>;
  extend<A extends object, B extends object>(
    component: (base: Pipeline<A>) => Pipeline<B>,
    ...unfit: RefuseComponent<M, A, B>
  ): Pipeline<M & Omit<B, keyof A>>;
  extend(component: (base: Pipeline<any>) => Pipeline<any>, ..._unfit: readonly unknown[]): Pipeline<any> {
    return component(this);
  }

  /**
   * The same stages under a prefix, `eu.fetch` for `fetch`, so that a component can be there more than once. Inside, they go on
   * to find each other, and what they put into the bag, without the prefix.
   * @throws DefinitionError with GRAPH_OPTION_INVALID for a prefix that is blank or has spaces
   */
  prefix<P extends string>(prefix: P): Pipeline<{ readonly [N in keyof M & string as `${P}.${N}`]: M[N] }> {
    return this.#with(StageList.of(prefixStages(this.name, this.#stages, prefix)));
  }

  get #parts() {
    return { name: this.name, stages: this.#stages, options: this.#options };
  }

  protected bindIn({ callersKnown, services }: BindingPlace): BoundPipeline {
    const { maxConcurrency = null, failurePolicy = null, interceptors = [] } = this.#options;
    const tools = { tools: this.#tools, services, interceptors };
    return bindStages(this.name, this.#stages.toArray(), { maxConcurrency, failurePolicy, callersKnown, tools });
  }

  #with<P extends object>(stages: StageList, options = this.#options): Pipeline<P> {
    const pipeline = new Pipeline<P>(this.name, options);
    pipeline.#stages = stages;
    pipeline.#tools = this.#tools;
    return pipeline;
  }
}
