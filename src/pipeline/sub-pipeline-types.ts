import type { RunResults } from '../run/index.js';
import type { DataOf, SpawnInput } from '../stage/index.js';
import type { BuilderContext, BuilderDependency, BuilderStageOptions } from './builder-types.js';
import type { SubPipelineSettings } from './sub-pipeline.js';

/** What `withStage` takes for a stage that is a pipeline: what other stages have, without contracts, and how data goes in and out. */
export interface PipelineStageOptions<M, D extends readonly BuilderDependency<M>[], P, R>
  extends Omit<BuilderStageOptions<M, D, never, DataOf<Awaited<R>>>, 'input' | 'output' | 'expects'>,
    SubPipelineSettings {
  /** What the pipeline is started with, of what the stage may read. Default: nothing. */
  readonly input?: (ctx: BuilderContext<M, D>) => SpawnInput;
  /** What the stage hands on, of what the pipeline gave. Default: the outputs of all stages that completed, by name. */
  readonly output?: (results: RunResults<P>) => R;
}
