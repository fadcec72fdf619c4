import {
  type ItemOptions,
  type ItemRun,
  isInterceptor,
  type LoopBound,
  type LoopOptions,
  type LoopRun,
} from '../stage/index.js';

/** An option that has a value it cannot have. */
export interface OptionProblem {
  readonly option: string;
  readonly value: unknown;
  /** What to do. */
  readonly fix: string;
}

type Unchecked<T> = { readonly [K in keyof T]?: unknown };
type Demand = readonly [option: string, value: unknown, holds: boolean, fix: string];

/** What is wrong with the options of a fan-out. */
export function itemProblems(options: Unchecked<ItemOptions<unknown> & ItemRun<unknown>>): OptionProblem[] {
  const { key, concurrency = 1, policy = 'all', timeoutMs = 0, interceptors = [], input } = options;
  const isList = Array.isArray(interceptors) && interceptors.every(isInterceptor);
  return broken([
    ['key', key, typeof key === 'function', 'Give a function that names an item.'],
    ['concurrency', concurrency, isCount(concurrency, 1), 'Give a whole number from 1.'],
    ['policy', policy, isPolicy(policy), "Give 'all', 'settled' or atLeast(n), n from 1."],
    ['timeoutMs', timeoutMs, isDuration(timeoutMs), 'Give milliseconds, or 0 for no limit.'],
    ['interceptors', interceptors, isList, 'Give a list of interceptors; of classes, instances.'],
    ['input', input, isFunctionOrNone(input), 'Give a function of the item.'],
  ]);
}

/** What is wrong with the options of a loop. One without a bound is. */
export function loopProblems(options: Unchecked<LoopOptions<unknown> & LoopBound & LoopRun>): OptionProblem[] {
  const { until, maxIterations, timeoutMs, stagnation = 2, input } = options;
  const isBounded = maxIterations !== undefined || timeoutMs !== undefined;
  const isLimit = timeoutMs === undefined || (isDuration(timeoutMs) && timeoutMs !== 0);
  return broken([
    ['until', until, typeof until === 'function', 'Give a function that says when it is over.'],
    ['maxIterations', maxIterations, isBounded, 'A loop needs a bound: give maxIterations, or timeoutMs, or both.'],
    [
      'maxIterations',
      maxIterations,
      maxIterations === undefined || isCount(maxIterations, 1),
      'Give a whole number from 1.',
    ],
    ['timeoutMs', timeoutMs, isLimit, 'Give milliseconds, more than 0, or leave it out.'],
    ['stagnation', stagnation, isCount(stagnation, 2), 'Give a whole number from 2, or leave it out.'],
    ['input', input, isFunctionOrNone(input), 'Give a function of the context.'],
  ]);
}

function broken(demands: readonly Demand[]): OptionProblem[] {
  return demands.flatMap(([option, value, holds, fix]) => (holds ? [] : [{ option, value, fix }]));
}

function isPolicy(policy: unknown): boolean {
  if (policy === 'all' || policy === 'settled') return true;
  if (typeof policy !== 'object' || policy === null || !('atLeast' in policy)) return false;
  const hasMembers = 'members' in policy && Array.isArray(policy.members) && policy.members.length > 0;
  return !hasMembers && isCount(policy.atLeast, 1);
}

function isCount(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isFunctionOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'function';
}
