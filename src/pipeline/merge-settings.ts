import type { Problem } from '../errors/index.js';
import type { PipelineOptions } from './pipeline-options.js';

const SETTINGS = ['maxConcurrency', 'failurePolicy'] as const;

interface Named {
  readonly name: string;
  readonly options: PipelineOptions;
}

/**
 * What two pipelines together are set to: what one of them leaves open the other decides. Where both say something else, the
 * second wins with `override`, else it is a problem.
 */
export function mergeSettings(
  first: Named,
  second: Named,
  override: boolean,
): { readonly options: PipelineOptions; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const merged: Record<string, unknown> = {};
  for (const setting of SETTINGS) {
    const [mine, other] = [first.options[setting], second.options[setting]];
    if (mine !== undefined && other !== undefined && mine !== other && !override) {
      problems.push(conflict(first.name, second.name, setting, [mine, other]));
    }
    const value = override ? (other ?? mine) : (mine ?? other);
    if (value !== undefined) merged[setting] = value;
  }
  return { options: { ...first.options, ...merged }, problems };
}

function conflict(pipeline: string, other: string, setting: string, values: readonly unknown[]): Problem {
  const [mine, theirs] = values;
  return {
    code: 'GRAPH_COMPOSE_CONFLICT',
    message: `Pipeline "${pipeline}" has ${setting} ${mine}, and pipeline "${other}" has ${theirs}.`,
    fix: 'Set it in one of them, or compose with { override: true } to take the second.',
    details: { pipeline, other, setting, values },
  };
}
