import type { Stageflow } from '../../container/index.js';
import type { StageGraph } from '../../graph/index.js';
import type { BoundPipeline } from '../../run/index.js';
import type { NamedPipeline } from './pick-pipeline.js';

/** A pipeline that can be run. */
export interface ReadyPipeline extends NamedPipeline {
  readonly graph: StageGraph;
  readonly bound: BoundPipeline;
}

/** The pipelines of an application. */
export function pipelinesOf(app: Stageflow): readonly ReadyPipeline[] {
  const { application, pipelines } = app.describe();
  return pipelines.map(({ pipeline: name, module }) => {
    const bound = app['~runs'].find(name);
    return { name, isRoot: module === application, graph: bound.graph, bound };
  });
}
