import { silentLogger } from '../events/index.js';
import { defaultStack } from '../interceptors/index.js';
import type { PlanOptions } from './application-plan.js';
import type { StageflowOptions } from './stageflow-options.js';

/** What of the options of an application decides its plan. */
export function planOptions(
  options: StageflowOptions,
  parts: Pick<PlanOptions, 'tsyringe' | 'callersKnown' | 'registry'>,
): PlanOptions {
  const { plugins = [], defaults, logger = silentLogger } = options;
  const { overrides = [], moduleOverrides = [], mocker = null } = options;
  return {
    ...parts,
    interceptors: [...plugins.flatMap((plugin) => plugin.interceptors ?? []), ...(options.interceptors ?? [])],
    stack: defaults === false ? [] : defaultStack(logger, defaults),
    overrides,
    moduleOverrides,
    mocker,
  };
}
