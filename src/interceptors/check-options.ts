import { StageflowError } from '../errors/index.js';

/** A demand on one option: whether it holds, and what to say where it does not. */
export type OptionDemand = readonly [holds: boolean, option: string, value: unknown, demand: string];

/** @throws METADATA_OPTION_INVALID naming the first option that has a value it cannot have. */
export function checkOptions(owner: string, demands: readonly OptionDemand[]): void {
  const broken = demands.find(([holds]) => !holds);
  if (broken === undefined) return;
  const [, option, value, demand] = broken;
  throw new StageflowError({
    code: 'METADATA_OPTION_INVALID',
    message: `${owner} was given ${option} ${shown(value)}: give ${demand}.`,
    details: { interceptor: owner, option },
  });
}

export function isCount(value: unknown, least = 1): boolean {
  return Number.isInteger(value) && (value as number) >= least;
}

export function isDurationMs(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}

/** Functions and objects by their type only: an option may hold anything. */
function shown(value: unknown): string {
  return typeof value === 'number' || value === undefined || value === null ? String(value) : `a ${typeof value}`;
}
