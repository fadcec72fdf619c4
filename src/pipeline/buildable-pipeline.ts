import {
  type BoundPipeline,
  Engine,
  type EngineOptions,
  type PipelineRun,
  type RunInput,
  type RunOptions,
  type RunResults,
} from '../run/index.js';
import type { SpawnablePipeline } from '../stage/index.js';
import { RunnablePipeline } from './runnable-pipeline.js';
import { type BindingPlace, UnboundPipeline } from './sub-pipeline.js';

/** What is done with a pipeline once its stages are put together. */
export abstract class BuildablePipeline<in out M extends object> implements SpawnablePipeline<M> {
  readonly name: string;
  #built: RunnablePipeline<M> | null = null;

  constructor(name: string) {
    this.name = name;
  }

  /** @throws DefinitionError */
  protected abstract bindIn(place: BindingPlace): BoundPipeline;

  /** Checks everything and makes it runnable. @throws DefinitionError with all problems */
  build(options: EngineOptions = {}): RunnablePipeline<M> {
    const engine = new Engine(options);
    const place = { callersKnown: engine.callersKnown, services: options.toolServices ?? {} };
    return new RunnablePipeline<M>(this.bindIn(place), engine);
  }

  /** For `ctx.spawn`, which builds it with default options, and for pipelines that have it as a stage. */
  get '~pipeline'(): { readonly bound: BoundPipeline; readonly outputs?: (outputs: M) => M } {
    const alone = (): BoundPipeline => this.#default()['~pipeline'].bound;
    return new UnboundPipeline(alone, (place) => this.bindIn(place));
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
}
