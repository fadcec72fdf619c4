import {
  type BoundPipeline,
  type EarlierRun,
  Engine,
  type PipelineRun,
  type RunInput,
  type RunOptions,
  type RunResults,
} from '../run/index.js';

/** Knows how many runs go on, those that are gone on with included. Runs that stages start belong to theirs. */
export class CountedEngine extends Engine {
  #running = 0;

  get running(): number {
    return this.#running;
  }

  override run(pipeline: BoundPipeline, input?: RunInput, options?: RunOptions): Promise<RunResults> {
    const results = super.run(pipeline, input, options);
    this.#count(results);
    return results;
  }

  override start(pipeline: BoundPipeline, input?: RunInput, options?: RunOptions): PipelineRun {
    const run = super.start(pipeline, input, options);
    this.#count(run.result);
    return run;
  }

  override reopen(pipeline: BoundPipeline, earlier: EarlierRun, options: RunOptions): PipelineRun {
    const run = super.reopen(pipeline, earlier, options);
    this.#count(run.result);
    return run;
  }

  #count(ended: Promise<unknown>): void {
    const end = (): void => {
      this.#running--;
    };
    this.#running++;
    ended.then(end, end);
  }
}
