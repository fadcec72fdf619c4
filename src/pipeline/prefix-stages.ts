import { DefinitionError } from '../errors/index.js';
import { inNamespace, isNamespace } from '../stage/index.js';
import type { BuilderStage } from './declare-builder-stage.js';

/**
 * The stages of a component under a prefix. What they depend on and read by name goes on to be found without it.
 * @throws DefinitionError with GRAPH_OPTION_INVALID
 */
export function prefixStages(pipeline: string, stages: Iterable<BuilderStage>, prefix: string): BuilderStage[] {
  if (!isNamespace(prefix)) throw invalidPrefix(pipeline, prefix);
  return Array.from(stages, (stage) => ({
    ...stage,
    name: inNamespace(prefix, stage.name),
    namespace: inNamespace(prefix, stage.namespace),
  }));
}

function invalidPrefix(pipeline: string, prefix: unknown): DefinitionError {
  return new DefinitionError(`pipeline "${pipeline}"`, [
    {
      code: 'GRAPH_OPTION_INVALID',
      message: `Pipeline "${pipeline}" cannot have the prefix ${JSON.stringify(prefix)}.`,
      fix: 'Give a name without spaces; dots may stand inside it.',
      details: { pipeline, option: 'prefix' },
    },
  ]);
}
