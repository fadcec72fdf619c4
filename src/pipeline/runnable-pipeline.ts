import type { StageGraph } from '../graph/index.js';
import {
  type BoundPipeline,
  type Engine,
  hostOf,
  type PipelineRun,
  type RunHost,
  type RunInput,
  type RunOptions,
  type RunResults,
} from '../run/index.js';
import type { SpawnablePipeline } from '../stage/index.js';

/** A built pipeline: checked, and ready to run any number of times, at once or in turn. */
export class RunnablePipeline<in out M = any> implements SpawnablePipeline<M> {
  /** The topology as data: render it, store it, compare its hash. */
  readonly graph: StageGraph;
  readonly #bound: BoundPipeline;
  readonly #engine: Engine;

  /** Made by `Pipeline.build`. */
  constructor(bound: BoundPipeline, engine: Engine) {
    this.graph = bound.graph;
    this.#bound = bound;
    this.#engine = engine;
  }

  /** For `ctx.spawn`. */
  get '~pipeline'(): { readonly bound: BoundPipeline; readonly outputs?: (outputs: M) => M } {
    return { bound: this.#bound };
  }

  /** For what goes on with recorded runs: `stageflow/journal`. */
  get '~runs'(): RunHost {
    return hostOf(this.#bound, this.#engine);
  }

  get name(): string {
    return this.graph.name;
  }

  /** Runs to the end. @throws StageFailedError, StageTimeoutError, RunFailedError, PipelineCancelledError */
  run(input?: RunInput, options?: RunOptions): Promise<RunResults<M>> {
    return this.#engine.run(this.#bound, input, options);
  }

  /** Starts a run to watch or to cancel. */
  start(input?: RunInput, options?: RunOptions): PipelineRun<M> {
    return this.#engine.start(this.#bound, input, options);
  }

  /** Refuses new runs, gives the running ones the grace period, then cancels them; resolves when all have ended. */
  close(): Promise<void> {
    return this.#engine.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
