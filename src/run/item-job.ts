import type { StageCall } from '../interceptors/index.js';
import type { ItemPolicy, StageContext } from '../stage/index.js';
import type { ItemWork } from './item-context.js';

export interface ItemRules {
  readonly key: (item: unknown, index: number) => unknown;
  readonly concurrency: number;
  readonly policy: ItemPolicy;
}

/** What is to be done with the items of a stage. */
export interface ItemJob {
  readonly plan: ItemRules;
  /** Gives what is iterated. @param ctx whose signal aborts when no more items are wanted */
  readonly items: (ctx: StageContext) => unknown;
  readonly work: ItemWork;
  /** The onion around the work on one item, which it ends up calling. */
  readonly call: StageCall;
}
