import type { AnyInterceptor } from '../stage/index.js';
import { sortByPriority } from './order.js';
import { RetryInterceptor, type RetryOptions } from './retry-interceptor.js';
import { TimeoutInterceptor } from './timeout-interceptor.js';

/** What stands around the work on a single item of a stage. */
export interface ItemLayers {
  readonly interceptors?: readonly AnyInterceptor[];
  readonly timeoutMs?: number;
  /** Tries a single item again. Default: it is tried once. */
  readonly retry?: RetryOptions;
}

/** Outermost first; the limit is that of one attempt. @throws METADATA_OPTION_INVALID */
export function itemLayers({ interceptors = [], timeoutMs = 0, retry }: ItemLayers): readonly AnyInterceptor[] {
  const again = retry === undefined ? [] : [RetryInterceptor.with(retry)];
  const limit = timeoutMs === 0 ? [] : [TimeoutInterceptor.with({ limitMs: timeoutMs })];
  return sortByPriority([...interceptors, ...again, ...limit]);
}
