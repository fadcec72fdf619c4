import { Stageflow, type StageflowOptions } from '../../container/index.js';
import type { Resumable } from '../../journal/index.js';
import type { RunHost } from '../../run/index.js';
import { pipelinesOf, type ReadyPipeline } from '../loading/pipelines-of.js';
import type { Target } from '../loading/target.js';

/** Something that pipelines can be run with. */
export interface OpenTarget extends Resumable {
  readonly pipelines: readonly ReadyPipeline[];
  close(): Promise<void>;
}

/**
 * Builds what was loaded. What is built already stays as it is: the options are not for it.
 * @throws DefinitionError, DI_CONSTRUCTION_FAILED
 */
export async function openTarget(target: Target, options: StageflowOptions): Promise<OpenTarget> {
  switch (target.kind) {
    case 'module':
      return ofApplication(await Stageflow.create(target.value, options));
    case 'application':
      return ofApplication(target.value);
    case 'pipeline':
      return ofPipeline(target.value.build(options));
    case 'runnable':
      return ofPipeline(target.value);
  }
}

function ofApplication(app: Stageflow): OpenTarget {
  return { '~runs': app['~runs'], pipelines: pipelinesOf(app), close: () => app.close() };
}

function ofPipeline(pipeline: Extract<Target, { kind: 'runnable' }>['value']): OpenTarget {
  const { name, graph } = pipeline;
  const host: RunHost = pipeline['~runs'];
  const { bound } = pipeline['~pipeline'];
  return { '~runs': host, pipelines: [{ name, isRoot: true, graph, bound }], close: () => pipeline.close() };
}
