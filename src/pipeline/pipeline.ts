import type { ContractSource } from '../contracts/index.js';
import {
  Engine,
  type EngineOptions,
  type PipelineRun,
  type RunInput,
  type RunOptions,
  type RunResults,
} from '../run/index.js';
import type { RefuseOutput, RefuseReturn, StageInstance, StageKind } from '../stage/index.js';
import { bindStages } from './bind-stages.js';
import type {
  BuilderContext,
  BuilderDependency,
  BuilderStageOptions,
  HandedOn,
  UntypedStageOptions,
  UnusedName,
} from './builder-types.js';
import { type ComposeOptions, composeStages } from './compose-stages.js';
import { type BuilderTarget, declareBuilderStage } from './declare-builder-stage.js';
import type { PipelineOptions } from './pipeline-options.js';
import { RunnablePipeline } from './runnable-pipeline.js';
import { StageList } from './stage-list.js';

export type { ComposeOptions, PipelineOptions };

type WithStage<M, N extends string, O> = Pipeline<M & { readonly [K in N]: O }>;

/**
 * Builds a pipeline in code, without a container. An immutable value: every method gives a new pipeline, so a common
 * beginning can be kept and extended. `M` maps the names of its stages to what they hand on.
 */
export class Pipeline<in out M extends object = Record<never, never>> {
  readonly name: string;
  #stages = StageList.empty;
  readonly #options: PipelineOptions;
  #built: RunnablePipeline<M> | null = null;

  constructor(name: string, options: PipelineOptions = {}) {
    this.name = name;
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
  withStage(name: string, stage: BuilderTarget, options?: StageKind | UntypedStageOptions): Pipeline<any> {
    return this.#with(this.#stages.with(declareBuilderStage(name, stage, options, this.#options)));
  }

  /**
   * The stages of both, this one's first. A stage both define identically counts once.
   * @throws DefinitionError with GRAPH_COMPOSE_CONFLICT where they differ, unless `override`
   */
  compose<O extends object>(other: Pipeline<O>, options: ComposeOptions = {}): Pipeline<Omit<M, keyof O> & O> {
    const mine = { name: this.name, stages: this.#stages };
    return this.#with(StageList.of(composeStages(mine, { name: other.name, stages: other.#stages }, options)));
  }

  /** Checks everything and makes it runnable. @throws DefinitionError with all problems */
  build(options: EngineOptions = {}): RunnablePipeline<M> {
    const { maxConcurrency = null, failurePolicy = null } = this.#options;
    const engine = new Engine(options);
    const plan = { maxConcurrency, failurePolicy, callersKnown: engine.callersKnown };
    const bound = bindStages(this.name, this.#stages.toArray(), plan);
    return new RunnablePipeline<M>(bound, engine);
  }

  /** Builds with default options, once, and runs. For anything else keep what `build` gives. */
  run(input?: RunInput, options?: RunOptions): Promise<RunResults<M>> {
    return this.#default().run(input, options);
  }

  /** Builds with default options, once, and starts a run to watch or to cancel. */
  start(input?: RunInput, options?: RunOptions): PipelineRun<M> {
    return this.#default().start(input, options);
  }

  #default(): RunnablePipeline<M> {
    this.#built ??= this.build();
    return this.#built;
  }

  #with<P extends object>(stages: StageList): Pipeline<P> {
    const pipeline = new Pipeline<P>(this.name, this.#options);
    pipeline.#stages = stages;
    return pipeline;
  }
}
