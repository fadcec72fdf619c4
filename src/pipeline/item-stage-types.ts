/* What `forEach` and `repeat` of the builder take. */
import type { ItemLayers } from '../interceptors/index.js';
import type {
  ChildResults,
  DataOf,
  ItemContext,
  ItemOptions,
  ItemPolicy,
  JoinedItems,
  LoopBound,
  LoopContext,
  LoopOptions,
  LoopResult,
  NamedOutputs,
  RefuseOutput,
  SpawnablePipeline,
  SpawnInput,
} from '../stage/index.js';
import type {
  BuilderContext,
  BuilderDependency,
  BuilderStageOptions,
  ReadableOutputs,
  UntypedStageOptions,
} from './builder-types.js';

/** What other stages have, but for what is said here otherwise. */
type StageOptions<M, D extends readonly BuilderDependency<M>[], O> = Omit<
  BuilderStageOptions<M, D, never, DataOf<Awaited<O>>>,
  'input' | 'output' | 'timeoutMs'
>;

/** What is around all items of a stage together. */
export type ItemStageSettings = Pick<UntypedStageOptions, 'timeoutMs' | 'interceptors'>;

/** What an item hands on. */
export type ItemOutput<R> = DataOf<Awaited<R>>;

type ItemStageContext<M, D extends readonly unknown[]> = ItemContext<NamedOutputs<ReadableOutputs<M, D>>>;
type LoopStageContext<M, D extends readonly unknown[], T> = LoopContext<T, NamedOutputs<ReadableOutputs<M, D>>>;

/** The work on one item: a function, or a run of a pipeline, of whose results `each` makes the output. */
type ItemWork<M, D extends readonly unknown[], T, R> =
  | {
      readonly run?: undefined;
      readonly each: (ctx: ItemStageContext<M, D>, item: T) => R & RefuseOutput<Awaited<R>>;
    }
  | ItemRunWork<M, D, T, R, any>; // any: `forEach` does not say which pipeline, only what is made of its results

interface ItemRunWork<M, D extends readonly unknown[], T, R, P> {
  readonly run: SpawnablePipeline<P>;
  /** What the run is started with. Default: `{ input: item }`. */
  readonly input?: (item: T, ctx: ItemStageContext<M, D>) => SpawnInput;
  readonly each: (ctx: ItemStageContext<M, D>, item: T, results: ChildResults<P>) => R & RefuseOutput<Awaited<R>>;
}

export type ForEachStageOptions<
  M,
  D extends readonly BuilderDependency<M>[],
  S extends keyof M & string,
  T,
  R,
  P extends ItemPolicy,
  O,
> = Omit<StageOptions<M, D, O>, 'interceptors'> &
  ItemOptions<T, P> &
  Pick<ItemLayers, 'retry'> &
  ItemWork<M, [...D, S], T, R> & {
    /** Of the stage as a whole: its limit, what is around all its items together. */
    readonly stage?: ItemStageSettings;
    /** What the stage hands on. Default: `{ items }`. */
    readonly output?: (items: JoinedItems<P, ItemOutput<R>>, ctx: BuilderContext<M, [...D, S]>) => O;
  };

/**
 * One time of a loop. What the time before handed on is known only when this has been read: for `ctx.previous` say so, as
 * `(ctx: LoopContext<Draft>) => …`.
 */
// A method, since what it takes may say more than `unknown`.
type LoopWork<M, D extends readonly unknown[], T> =
  | { readonly run?: undefined; iterate(ctx: LoopStageContext<M, D, unknown>): T | Promise<T> }
  | {
      readonly run: SpawnablePipeline<any>; // any: what is made of its results says `iterate`
      /** What the run is started with. Default: nothing. */
      input?(ctx: LoopStageContext<M, D, unknown>): SpawnInput;
      iterate(ctx: LoopStageContext<M, D, unknown>, results: ChildResults<any>): T | Promise<T>;
    };

export type RepeatStageOptions<M, D extends readonly BuilderDependency<M>[], T, O> = StageOptions<M, D, O> &
  LoopBound &
  Pick<LoopOptions<T>, 'stagnation'> &
  LoopWork<M, D, T> & {
    /** Asked after every iteration; true ends the loop. Not a promise. */
    readonly until: (output: DataOf<T>, ctx: LoopStageContext<M, D, DataOf<T>>) => boolean;
    /** What the stage hands on. Default: the `LoopResult` itself. */
    readonly output?: (loop: LoopResult<DataOf<T>>, ctx: BuilderContext<M, D>) => O;
  };
