import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import type { OutsidePlan } from '../container/index.js';
import { StageflowError } from '../errors/index.js';
import type { StageGraph } from '../graph/index.js';
import type { ModuleLike } from '../metadata/index.js';
import type { BoundPipeline, PipelineRun, RunHost, RunInput, RunOptions, RunResults } from '../run/index.js';
import { bindPipeline } from './bind-pipeline.js';
import type { NestRuntime } from './nest-runtime.js';
import type { RunOpener } from './run-opener.js';

/**
 * A pipeline in a Nest application, ready to run: what `@InjectPipeline(CrawlPipeline)` injects. Runs that a handler
 * starts are for the caller of its request; elsewhere, and to say otherwise, pass `{ auth }` or `{ token }`.
 */
export class NestPipeline implements OnModuleInit, OnModuleDestroy {
  readonly name: string;
  /** The topology as data: render it, store it, compare its hash. */
  readonly graph: StageGraph;
  readonly #plan: OutsidePlan;
  readonly #key: ModuleLike;
  readonly #runtime: NestRuntime;
  readonly #container: ModulesContainer;
  #bound: { readonly pipeline: BoundPipeline; readonly opener: RunOpener | null } | null = null;

  /** Made by `StageflowModule.forFeature`. */
  constructor(plan: OutsidePlan, key: ModuleLike, runtime: NestRuntime, container: ModulesContainer) {
    this.#plan = plan;
    this.#key = key;
    this.#runtime = runtime;
    this.#container = container;
    this.name = plan.pipeline.name;
    this.graph = plan.pipeline.graph as StageGraph; // reported and thrown if there is none
  }

  /** Runs to the end. @throws StageFailedError, StageTimeoutError, RunFailedError, PipelineCancelledError, APP_CLOSED */
  async run(input: RunInput = {}, options: RunOptions = {}): Promise<RunResults> {
    return this.#runtime.run(this.#pipeline(), input, options);
  }

  /** Starts a run to watch, to stream or to cancel. @throws APP_CLOSED */
  start(input: RunInput = {}, options: RunOptions = {}): PipelineRun {
    return this.#runtime.start(this.#pipeline(), input, options);
  }

  /** For what goes on with recorded runs, of any pipeline of the application: `stageflow/journal`. */
  get '~runs'(): RunHost {
    return this.#runtime.runs;
  }

  /**
   * Why Nest itself builds what is run-scoped, at 20 to 50 µs for each instance, instead of a plan made of what it has
   * recorded; null if the plan is used, or nothing is run-scoped.
   */
  get slowBecause(): string | null {
    return this.#bound?.opener?.slowBecause ?? null;
  }

  async onModuleInit(): Promise<void> {
    this.#bound = await bindPipeline(this.#plan, this.#key, this.#runtime, this.#container);
    this.#runtime.pipelines.set(this.#plan.pipeline.module, this.#bound.pipeline);
  }

  /** Ends the runs of the application before Nest destroys what stages use. */
  onModuleDestroy(): Promise<void> {
    return this.#runtime.close();
  }

  #pipeline(): BoundPipeline {
    if (this.#bound !== null) return this.#bound.pipeline;
    throw new StageflowError({
      code: 'DI_LAZY_TOO_EARLY',
      message: `Pipeline "${this.name}" was run before Nest had built its stages.`,
      fix: 'Run it from onModuleInit() or later, not in a constructor.',
      details: { pipeline: this.name },
    });
  }
}
