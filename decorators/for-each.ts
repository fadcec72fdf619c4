import { type ItemLayers, itemLayers } from '../src/interceptors/index.js';
import {
  type AbstractClass,
  type ForEachMetadata,
  itemPlan,
  itemProblems,
  writeMetadata,
} from '../src/metadata/index.js';
import type {
  ItemContext,
  ItemIterable,
  ItemOptions,
  ItemPolicy,
  OutputOf,
  SpawnableModule,
  SpawnInput,
  StageClass,
  StageContext,
} from '../src/stage/index.js';
import { checkStageClass } from './depends-on.js';
import { checkModule, checkOnlyDriver } from './driver-check.js';
import type { RefuseItems } from './item-check.js';
import { checkOptionNames, describeValue, startChecks } from './misuse.js';

export interface ForEachOptions<in T, P extends ItemPolicy = 'all', out M extends SpawnableModule = SpawnableModule>
  extends ItemOptions<T, P>,
    Pick<ItemLayers, 'retry'> {
  /** A pipeline of the application that is run for every item. `each`, if there is one, gets the results as third argument. */
  readonly run?: M;
  /** What the run is started with. Default: `{ input: item }`. */
  // any: it reads what `each` reads, which says it.
  readonly input?: (item: T, ctx: ItemContext<any>) => SpawnInput;
}

const OPTION_NAMES = [
  'key',
  'concurrency',
  'policy',
  'retry',
  'timeoutMs',
  'interceptors',
  'run',
  'input',
] as const satisfies (keyof ForEachOptions<unknown>)[];

/** A class with `each` for an item and `execute` for what all come to. */
// any: the decorator checks what they take.
type ItemsStage = AbstractClass<{ execute(ctx: any, items: any): unknown }>;

/**
 * Does the work of a stage item by item: `each(ctx, item)` for every item of what another stage has handed on, and then once
 * `execute(ctx, items)`, which makes the output of what they come to.
 *
 * The other stage becomes a dependency; list it in `@DependsOn` as well to read it. Without output of it the stage is skipped.
 * What items come to is said by `policy`, and the type of `items` with it: does not compile if `execute` takes others, or
 * `each` another item than there is. Interceptors, retry and limit of the stage are around all items together; those given here
 * around each alone. A subclass's own `@ForEach` replaces its parent's.
 * @throws DefinitionError with METADATA_DEPENDENCY_INVALID or METADATA_OPTION_INVALID, when the class is loaded.
 */
export function ForEach<S extends StageClass, T, const P extends ItemPolicy = 'all', M extends SpawnableModule = never>(
  source: S,
  items: (output: OutputOf<S>, ctx: StageContext<S>) => ItemIterable<T>,
  options: ForEachOptions<T, P, M>,
): <C extends ItemsStage>(target: C & RefuseItems<C, T, P, M>) => void {
  return (target) => {
    const misuse = startChecks('@ForEach', 'forEach', target);
    checkOnlyDriver(misuse, target, 'forEach');
    checkStageClass(misuse, source, 1);
    if (typeof items !== 'function') misuse.addUnfit(items, 'argument 2', 'a function of the output');
    checkOptionNames(misuse, options, OPTION_NAMES);
    for (const { option, value, fix } of itemProblems(options)) {
      misuse.add(`has ${option} ${describeValue(value)}.`, fix, { option });
    }
    if (options.run !== undefined) checkModule(misuse, options.run, 'run');
    else if (typeof target.prototype.each !== 'function') {
      misuse.add('finds no each method.', 'Declare `each(ctx, item) { … }`, or give a pipeline to run.');
    }
    misuse.throwIfAny();
    const metadata: ForEachMetadata = { source, plan: itemPlan(items, options, itemLayers(options)) };
    writeMetadata('forEach', target, Object.freeze(metadata));
  };
}
