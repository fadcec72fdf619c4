import { StageflowError } from '../errors/index.js';
import type { BoundPipeline } from '../run/index.js';

/** The pipeline that a recorded run is of. @throws REGISTRY_UNKNOWN */
export function pipelineNamed(name: string, pipelines: Iterable<BoundPipeline>): BoundPipeline {
  const all = [...pipelines];
  const found = all.find(({ graph }) => graph.name === name);
  if (found !== undefined) return found;
  throw new StageflowError({
    code: 'REGISTRY_UNKNOWN',
    message: `A run of pipeline "${name}" was given to an application that has none of this name.`,
    fix: 'List the pipeline in StageflowModule.forFeature, or give the run to the application that has it.',
    details: { name, registered: all.map(({ graph }) => graph.name) },
  });
}
