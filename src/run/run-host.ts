import { StageflowError } from '../errors/index.js';
import type { BoundPipeline } from './bound-pipeline.js';
import type { Engine } from './engine.js';

/** What goes on with runs needs of whoever runs pipelines. */
export interface RunHost {
  readonly engine: Engine;
  /** By the name of its graph. @throws REGISTRY_UNKNOWN */
  find(pipeline: string): BoundPipeline;
}

/** One pipeline by itself. */
export function hostOf(bound: BoundPipeline, engine: Engine): RunHost {
  const find = (pipeline: string): BoundPipeline => {
    if (pipeline === bound.graph.name) return bound;
    throw new StageflowError({
      code: 'REGISTRY_UNKNOWN',
      message: `A run of pipeline "${pipeline}" was given to pipeline "${bound.graph.name}".`,
      fix: `Give it to pipeline "${pipeline}", or to an application that has it.`,
      details: { name: pipeline, registered: [bound.graph.name] },
    });
  };
  return { engine, find };
}
