import { usageError } from '../cli-errors.js';

/** One pipeline of what was loaded. */
export interface NamedPipeline {
  readonly name: string;
  /** Its stages are those of the very module that was given. */
  readonly isRoot: boolean;
}

/**
 * The pipeline that was asked for by name, else that of the module itself, else the only one.
 * @throws CLI_USAGE
 */
export function pickPipeline<P extends NamedPipeline>(pipelines: readonly P[], wanted: string | undefined): P {
  const names = pipelines.map(({ name }) => name);
  const list = names.join(', ') || 'none';
  const fitting = wanted === undefined ? mainOnes(pipelines) : pipelines.filter(({ name }) => name === wanted);
  const [only, second] = fitting;
  if (only !== undefined && second === undefined) return only;
  const details = { pipelines: names, ...(wanted === undefined ? {} : { pipeline: wanted }) };
  if (names.length === 0) throw usageError('There is no pipeline: no module has stages.', 'List stages.', details);
  if (wanted === undefined)
    throw usageError(`There are several pipelines: ${list}.`, 'Name one with --pipeline.', details);
  if (only !== undefined) {
    const fix = 'Name the module of the one you mean with --export.';
    throw usageError(`Several pipelines are named ${wanted}.`, fix, details);
  }
  throw usageError(`There is no pipeline ${wanted}. There are ${list}.`, 'Name one of them.', details);
}

function mainOnes<P extends NamedPipeline>(pipelines: readonly P[]): readonly P[] {
  const roots = pipelines.filter(({ isRoot }) => isRoot);
  return roots.length > 0 ? roots : pipelines;
}
