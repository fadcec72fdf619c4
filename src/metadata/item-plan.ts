import type {
  AnyInterceptor,
  ItemOptions,
  ItemPolicy,
  ItemRun,
  LoopBound,
  LoopOptions,
  LoopRun,
} from '../stage/index.js';
import type { ItemPlan, LoopPlan } from './records.js';

type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What is not said, as it is then. @param interceptors those around an item, its retry and limit included */
export function itemPlan(
  items: ItemPlan['items'],
  options: Pick<ItemOptions<any>, 'key'> &
    Loose<Pick<ItemOptions<any, ItemPolicy>, 'concurrency' | 'policy'> & ItemRun<any>>,
  interceptors: readonly AnyInterceptor[],
): ItemPlan {
  const { key, concurrency = 8, policy = 'all', run, input } = options;
  return Object.freeze({ items, key, concurrency, policy, interceptors, run: runOf(run, input) });
}

/** The same for a loop. */
export function loopPlan(options: LoopOptions<any> & LoopBound & Loose<LoopRun>): LoopPlan {
  const { until, maxIterations = null, timeoutMs = null, stagnation = null, run, input } = options;
  return Object.freeze({ until, maxIterations, timeoutMs, stagnation, run: runOf(run, input) });
}

function runOf<R, I>(run: R | undefined, input: I | undefined): { readonly run: R; readonly input?: I } | null {
  if (run === undefined) return null;
  return input === undefined ? { run } : { run, input };
}
