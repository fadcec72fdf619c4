import type { AnyInterceptor } from './interceptor.js';
import type { SpawnableModule, SpawnablePipeline, SpawnInput } from './spawn.js';
import type { StageContext } from './stage-context.js';
import type { StageFailure } from './stage-output.js';

/** Which item of a fan-out something is about. */
export interface ItemPlace {
  /** What `key` gave for it: the same in every run that meets the item. */
  readonly key: string;
  /** Its position in the source, from 0. */
  readonly index: number;
}

/** What the work on one item is done with: `signal`, `attempt`, `spawn`, `sleep` and the like are those of the item alone. */
// any: as for StageContext.
export interface ItemContext<in out D = any, out I = unknown> extends StageContext<D, I> {
  readonly item: ItemPlace;
}

/** An item that completed. */
export interface CompletedItem<out T = object> extends ItemPlace {
  readonly status: 'ok';
  readonly data: T;
}

/** An item without output. */
export interface MissingItem extends ItemPlace {
  /** `cancel`: by `run.cancelItem`, by itself, or because another item has ended the stage. */
  readonly status: 'skip' | 'fail' | 'cancel';
  /** Why it was skipped, cancelled or failed. */
  readonly reason: string;
  /** Null unless it failed. */
  readonly failure: StageFailure | null;
}

/** How one item has ended. Switch on `status`. */
export type Settled<T = object> = CompletedItem<T> | MissingItem;

/** What became of items of which not all had to complete, each list in the order of the source. */
export interface SomeItems<out T = object> {
  readonly completed: readonly CompletedItem<T>[];
  readonly missing: readonly MissingItem[];
}

/** What the items of a fan-out have to come to. `atLeast(n)` is the third policy. */
export const ItemPolicy = {
  /** The first item that fails or is cancelled ends the stage, and cancels the others. The default. */
  All: 'all',
  /** Every item is heard, however it ends. */
  Settled: 'settled',
} as const;
/** `atLeast(2)`: every item is heard, and the stage fails if fewer complete. */
export type ItemPolicy = (typeof ItemPolicy)[keyof typeof ItemPolicy] | { readonly atLeast: number };

/**
 * What the items come to under a policy. `all`: what each handed on, in the order of the source, without those that were
 * skipped.
 */
export type JoinedItems<P extends ItemPolicy, T> = P extends 'all'
  ? readonly T[]
  : P extends 'settled'
    ? readonly Settled<T>[]
    : SomeItems<T>;

/** Where items come from. What is iterated asynchronously is pulled only as fast as it is worked off. */
export type ItemIterable<T> = Iterable<T> | AsyncIterable<T>;

/** What is to be known of the items of a stage, besides where they come from. */
export interface ItemOptions<in T, P extends ItemPolicy = 'all'> {
  /**
   * Names an item in events, results and `run.cancelItem`: a string that is not empty, or a number. Take it from the item, so
   * that it is the same in the next run; two items with one key are refused.
   */
  readonly key: (item: T, index: number) => string | number;
  /** How many items are worked on at once, and how many at most are taken from the source and not done. Default 8. */
  readonly concurrency?: number;
  /** Default `all`. */
  readonly policy?: P;
  /** Limit of one attempt at one item, in ms. 0 for none. Default: none. */
  readonly timeoutMs?: number;
  /**
   * Around every single item, besides its retry and its limit. Those of the stage are around all items together. Instances
   * only.
   */
  readonly interceptors?: readonly AnyInterceptor[];
}

/** A run of another pipeline for every item. */
export interface ItemRun<in T> {
  readonly run: SpawnableModule | SpawnablePipeline;
  /** What the run is started with. Default: `{ input: item }`. */
  // any: what the item may read is checked where the stage is declared.
  readonly input?: (item: T, ctx: ItemContext<any>) => SpawnInput;
}
