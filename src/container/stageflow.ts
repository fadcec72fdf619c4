import type { DependencyContainer } from 'tsyringe';
import { StageflowError } from '../errors/index.js';
import { type ModuleLike, type Token, tokenName } from '../metadata/index.js';
import { PipelineRegistry } from '../pipeline/index.js';
import {
  type BoundPipeline,
  Engine,
  type PipelineRun,
  type RunHost,
  type RunInput,
  type RunOptions,
  type RunResults,
} from '../run/index.js';
import type { AppDescription } from './app-description.js';
import { Application } from './application.js';
import { fillRegistry } from './application-pipelines.js';
import { planApplication } from './application-plan.js';
import { describeApplication } from './describe-application.js';
import { disposeFailed } from './disposal.js';
import { findPipeline, findTools, type ModuleTools } from './find-pipeline.js';
import { planOptions } from './plan-options.js';
import { shareSingletons } from './share-singletons.js';
import type { StageflowOptions } from './stageflow-options.js';
import { TsyringeContainer } from './tsyringe-container.js';

/**
 * An application: a root module put together, checked and built, ready to run its pipelines. Every module with stages
 * that the root module reaches is a pipeline; it runs its own stages and those of the modules it imports.
 */
export class Stageflow {
  /** A child of `parent` that holds the singletons the root module sees, for code that resolves with tsyringe. */
  readonly container: DependencyContainer;
  readonly #application: Application;
  readonly #engine: Engine;
  readonly #registry: PipelineRegistry;
  #closing: Promise<void> | undefined;

  private constructor(
    application: Application,
    engine: Engine,
    container: DependencyContainer,
    registry: PipelineRegistry,
  ) {
    this.#application = application;
    this.#engine = engine;
    this.container = container;
    this.#registry = registry;
  }

  /**
   * Plans the whole application, then builds its singletons in the order of their dependencies, awaiting asynchronous
   * factories.
   * @throws DefinitionError with everything that is wrong, before anything is constructed
   * @throws RUN_INPUT_INVALID if a duration in the options is none
   * @throws DI_CONSTRUCTION_FAILED if a constructor or factory throws; what was built by then is disposed
   */
  static async create(rootModule: ModuleLike, options: StageflowOptions = {}): Promise<Stageflow> {
    const tsyringe = await TsyringeContainer.open(options.parent);
    // Whatever can refuse the options comes before there is anything to dispose.
    const built: { application?: Application } = {};
    const find = (module: ModuleLike) => findPipeline(built.application as Application, module);
    const { plugins = [], sinks = [] } = options;
    const all = [...plugins.flatMap((plugin) => plugin.sinks ?? []), ...sinks];
    const engine = new Engine({ ...options, sinks: all }, find);
    const container = tsyringe.container.createChildContainer();
    const registry = new PipelineRegistry();
    const plan = planApplication(
      rootModule,
      planOptions(options, { tsyringe, registry, callersKnown: engine.callersKnown }),
    );
    const application = await Application.build(plan, options.toolServices);
    built.application = application; // before the first run, and stages start runs in runs only
    fillRegistry(registry, application, engine);
    shareSingletons(application, container);
    return new Stageflow(application, engine, container, registry);
  }

  /**
   * Runs a pipeline to its end.
   * @throws StageFailedError, StageTimeoutError, RunFailedError, PipelineCancelledError, each with what was completed
   * @throws REGISTRY_UNKNOWN, APP_CLOSED
   */
  async run(module: ModuleLike, input: RunInput = {}, options: RunOptions = {}): Promise<RunResults> {
    return this.#engine.run(this.pipeline(module), input, options);
  }

  /** Starts a run to watch or to cancel. @throws REGISTRY_UNKNOWN, APP_CLOSED */
  start(module: ModuleLike, input: RunInput = {}, options: RunOptions = {}): PipelineRun {
    return this.#engine.start(this.pipeline(module), input, options);
  }

  /** A pipeline with its graph: to render it, to compare its hash, to run it on an engine of your own. */
  pipeline(module: ModuleLike): BoundPipeline {
    return findPipeline(this.#application, module);
  }

  /** For what goes on with recorded runs: `stageflow/journal`. */
  get '~runs'(): RunHost {
    return { engine: this.#engine, find: (pipeline) => this.#registry.get(pipeline)['~pipeline'].bound };
  }

  /** For what calls tools from outside of stages: `stageflow/mcp`. @throws REGISTRY_UNKNOWN */
  '~tools'(module: ModuleLike): ModuleTools {
    return findTools(this.#application, module);
  }

  /**
   * What a token stands for in the root module. A transient is new each time and yours to dispose.
   * @throws DI_MISSING_PROVIDER, DI_NOT_EXPORTED, DI_OUTSIDE_RUN, APP_CLOSED
   */
  get<T>(token: Token<T>): T {
    if (this.#closing !== undefined) throw closed(tokenName(token));
    return this.#application.get(token) as T;
  }

  /** The plan as plain data: modules, pipelines, stages, interceptors in order, scopes. Prints well. */
  describe(): AppDescription {
    return describeApplication(this.#application);
  }

  /**
   * Refuses new runs, gives the running ones `graceMs`, cancels what is left, then disposes all singletons, the last
   * built first. Calling it again gives the same promise.
   * @throws DI_DISPOSE_FAILED if something could not be disposed; everything else was
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    try {
      await this.#engine.close();
    } finally {
      const failures = await this.#application.dispose();
      // biome-ignore lint/correctness/noUnsafeFinally: nothing else can have failed by then that matters more
      if (failures.length > 0) throw disposeFailed(`Application ${this.#application.plan.root.name}`, failures);
    }
  }
}

function closed(token: string): StageflowError {
  return new StageflowError({
    code: 'APP_CLOSED',
    message: `${token} was asked for after the application was closed.`,
    fix: 'Take what you need before close().',
    details: { token },
  });
}
