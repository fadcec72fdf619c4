import type { ChildResults, LoopResult, SpawnableModule } from '../src/stage/index.js';
import type { ParametersOf, RefuseOtherReads, ReturnOf, Taken } from './item-check.js';

/** What one iteration hands on. */
type IterationOf<C, M extends SpawnableModule> = [ParametersOf<C, 'iterate'>] extends [never]
  ? [M] extends [never]
    ? never
    : ChildResults
  : ReturnOf<C, 'iterate'>;

/** What `@Repeat` adds to the type of its class: nothing, or a demand no class meets, whose key is the message. */
export type RefuseLoop<C, T, M extends SpawnableModule> = RefuseIterate<T, IterationOf<C, M>> &
  RefuseOtherReads<C, 'iterate'> &
  RefusePrevious<C, IterationOf<C, M>> &
  RefuseResult<C, LoopResult<IterationOf<C, M>>>;

type RefuseIterate<T, O> = [O] extends [never]
  ? { 'the class needs a method iterate(ctx), or the option run': T }
  : [O] extends [T]
    ? unknown
    : { 'until takes something else than an iteration hands on': O };

type RefusePrevious<C, O> =
  Taken<ParametersOf<C, 'iterate'>, '0'> extends { readonly previous: infer V }
    ? [O | undefined] extends [V]
      ? unknown
      : { 'iterate() reads as previous something else than an iteration hands on': O }
    : unknown;

type RefuseResult<C, L> = [L] extends [Taken<ParametersOf<C, 'execute'>, '1'>]
  ? unknown
  : { 'execute() takes something else than the end of the loop': L };
