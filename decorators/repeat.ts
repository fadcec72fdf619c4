import { type AbstractClass, loopPlan, loopProblems, writeMetadata } from '../src/metadata/index.js';
import type { LoopBound, LoopContext, LoopOptions, SpawnableModule, SpawnInput } from '../src/stage/index.js';
import { checkModule, checkOnlyDriver } from './driver-check.js';
import type { RefuseLoop } from './loop-check.js';
import { checkOptionNames, describeValue, startChecks } from './misuse.js';

export type RepeatOptions<T, M extends SpawnableModule = SpawnableModule> = LoopOptions<T> &
  LoopBound & {
    /** A pipeline of the application that is run for every iteration. `iterate`, if there is one, gets the results as well. */
    readonly run?: M;
    /** What the run is started with. Default: nothing. */
    // any: it reads what `iterate` reads, which says it.
    readonly input?: (ctx: LoopContext<any>) => SpawnInput;
  };

const OPTION_NAMES = [
  'until',
  'maxIterations',
  'timeoutMs',
  'stagnation',
  'run',
  'input',
] as const satisfies (keyof RepeatOptions<unknown>)[];

/** A class with `iterate` for one time and `execute` for how the loop ended. */
// any: the decorator checks what they take.
type LoopStage = AbstractClass<{ execute(ctx: any, loop: any): unknown }>;

/**
 * Does the work of a stage again until it is good enough: `iterate(ctx)` for one time, which sees `ctx.iteration` and
 * `ctx.previous`, and then once `execute(ctx, loop)`, which makes the output of how the loop ended and why.
 *
 * It has to be bounded: by `maxIterations`, by `timeoutMs` for all iterations together, or by both. The graph knows nothing of
 * the loop; to go back over several stages there is `@RetryFrom`. Does not compile if `until`, `ctx.previous` or `execute` take
 * something else than an iteration hands on. A subclass's own `@Repeat` replaces its parent's.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Repeat<T, M extends SpawnableModule = never>(
  options: RepeatOptions<T, M>,
): <C extends LoopStage>(target: C & RefuseLoop<C, T, M>) => void {
  return (target) => {
    const misuse = startChecks('@Repeat', 'repeat', target);
    checkOnlyDriver(misuse, target, 'repeat');
    checkOptionNames(misuse, options, OPTION_NAMES);
    for (const { option, value, fix } of loopProblems(options)) {
      misuse.add(`has ${option} ${describeValue(value)}.`, fix, { option });
    }
    if (options.run !== undefined) checkModule(misuse, options.run, 'run');
    else if (typeof target.prototype.iterate !== 'function') {
      misuse.add('finds no iterate method.', 'Declare `iterate(ctx) { … }`, or give a pipeline to run.');
    }
    misuse.throwIfAny();
    writeMetadata('repeat', target, loopPlan(options));
  };
}
