import { type AbstractClass, type SubPipelineMetadata, writeMetadata } from '../src/metadata/index.js';
import type { IsAny, SpawnableModule, SpawnInput, SpawnOptions, StageContext } from '../src/stage/index.js';
import { checkModule, checkOnlyDriver } from './driver-check.js';
import { checkOptionNames, describeValue, type Misuse, startChecks } from './misuse.js';
import type { ContextOf } from './read-check.js';

export interface SubPipelineOptions<in X = any> extends Pick<SpawnOptions, 'inherit' | 'maxConcurrency'> {
  /** What the pipeline is started with, of what the stage may read. Default: nothing. */
  readonly input?: (ctx: X) => SpawnInput;
}

const OPTION_NAMES = ['input', 'inherit', 'maxConcurrency'] as const satisfies (keyof SubPipelineOptions)[];

/** Nothing where `input` reads what `execute` reads, else a demand no class meets, whose key is the message. */
type RefuseInput<C, X> =
  IsAny<ContextOf<C>> extends true
    ? unknown
    : [ContextOf<C>] extends [X]
      ? unknown
      : { 'input reads something else than execute()': X };

/** A class whose `execute` gets the results as well. */
// any: the context of each stage differs, and execute says itself which results it takes.
type ResultsStage = AbstractClass<{ execute(ctx: any, results: any): unknown }>;

/**
 * Makes a stage of another pipeline of the application: it is run first, as `ctx.spawn` does it, and `execute(ctx, results)`
 * makes the output of its results.
 *
 * Where none of its stages completed the stage is skipped, and `execute` not called; where it is cancelled or fails, so is or
 * does the stage. Import the module in the root module, not in the one whose stage this is: what a module imports runs among its
 * own stages. Does not compile if `input` reads something else than `execute`. A subclass's own `@SubPipeline` replaces its
 * parent's.
 * @throws DefinitionError with METADATA_DEPENDENCY_INVALID or METADATA_OPTION_INVALID, when the class is loaded.
 */
export function SubPipeline<X extends StageContext>(
  module: SpawnableModule,
  options: SubPipelineOptions<X> = {},
): <C extends ResultsStage>(target: C & RefuseInput<C, X>) => void {
  return (target) => {
    const misuse = startChecks('@SubPipeline', 'subPipeline', target);
    checkOptionNames(misuse, options, OPTION_NAMES);
    checkOnlyDriver(misuse, target, 'subPipeline');
    checkModule(misuse, module, 'argument 1');
    checkOptions(misuse, options);
    misuse.throwIfAny();
    const { input = null, inherit, maxConcurrency } = options;
    const metadata: SubPipelineMetadata = {
      module,
      input,
      options: Object.freeze({
        ...(inherit === undefined ? {} : { inherit }),
        ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
      }),
    };
    writeMetadata('subPipeline', target, Object.freeze(metadata));
  };
}

function checkOptions(misuse: Misuse, { input, inherit, maxConcurrency }: SubPipelineOptions): void {
  const refuse = (option: string, value: unknown, fix: string): void =>
    misuse.add(`has ${option} ${describeValue(value)}.`, fix, { option });
  if (input !== undefined && typeof input !== 'function') refuse('input', input, 'Give a function of the context.');
  if (inherit !== undefined && !Array.isArray(inherit)) refuse('inherit', inherit, 'Give a list of fields.');
  if (maxConcurrency === undefined || (Number.isSafeInteger(maxConcurrency) && maxConcurrency >= 1)) return;
  refuse('maxConcurrency', maxConcurrency, 'Give a whole number from 1, or leave it out.');
}
