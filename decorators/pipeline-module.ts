import {
  type Class,
  constructorProblems,
  type ModuleLike,
  type ModuleMetadata,
  type Provider,
  type Token,
  writeMetadata,
} from '../src/metadata/index.js';
import type { InterceptorLike, StageClass } from '../src/stage/index.js';
import { checkModuleLists } from './check-module-lists.js';
import { checkOptionNames, describeValue, type Misuse, startChecks } from './misuse.js';
import type { RefuseProviders } from './provider-check.js';

export interface PipelineModuleOptions<P extends readonly Provider[] = readonly Provider[]> {
  /** Names the pipeline in events, errors and graphs. Default: the class name. */
  readonly name?: string;
  /** The stages of the pipeline. A module without stages only provides. */
  readonly stages?: readonly StageClass[];
  readonly tools?: readonly Class[];
  /** Wrapped around every stage of this pipeline, inside those of the application. */
  readonly interceptors?: readonly InterceptorLike[];
  /** Modules whose exports may be injected here. */
  readonly imports?: readonly ModuleLike[];
  readonly providers?: readonly [...P];
  /** What modules that import this one may inject; an imported module here passes its exports on. */
  readonly exports?: readonly (Token | ModuleLike)[];
  /** How many stages of one run may run at the same time. Default: no limit. */
  readonly maxConcurrency?: number;
  /** Default: `fail-fast`. */
  readonly failurePolicy?: 'fail-fast' | 'continue';
}

const OPTION_NAMES = [
  'name',
  'stages',
  'tools',
  'interceptors',
  'imports',
  'providers',
  'exports',
  'maxConcurrency',
  'failurePolicy',
] as const satisfies (keyof PipelineModuleOptions)[];

/**
 * Describes a pipeline, or a set of providers, that the container puts together. Not inherited.
 *
 * Does not compile if a provider gives something else than its token stands for; strings and symbols stand for anything.
 * @throws DefinitionError with METADATA_OPTION_INVALID, METADATA_MISSING or METADATA_ERASED, when the class is loaded.
 */
export function PipelineModule<P extends readonly Provider[] = readonly []>(
  options: PipelineModuleOptions<P> = {},
): <C extends Class>(target: C & RefuseProviders<P>) => void {
  return (target) => {
    const misuse = startChecks('@PipelineModule', 'module', target);
    checkOptionNames(misuse, options, OPTION_NAMES);
    checkOptions(misuse, options, target.name);
    checkModuleLists(misuse, options);
    misuse.include(constructorProblems(target));
    misuse.throwIfAny();
    writeMetadata('module', target, Object.freeze(resolve(target, options)));
  };
}

function resolve(target: Class, options: PipelineModuleOptions): ModuleMetadata {
  return {
    name: options.name ?? target.name,
    stages: copy(options.stages),
    tools: copy(options.tools),
    interceptors: copy(options.interceptors),
    imports: copy(options.imports),
    providers: copy(options.providers),
    exports: copy(options.exports),
    maxConcurrency: options.maxConcurrency ?? null,
    failurePolicy: options.failurePolicy ?? null,
  };
}

function copy<T>(list: readonly T[] = []): readonly T[] {
  return Object.freeze([...list]);
}

function checkOptions(misuse: Misuse, options: PipelineModuleOptions, className: string): void {
  const { name = className, maxConcurrency, failurePolicy } = options;
  if (typeof name !== 'string' || name.trim() === '') {
    misuse.add(`has the name ${describeValue(name)}.`, 'Give a name that is not blank, or name the class.', {
      option: 'name',
    });
  }
  if (maxConcurrency !== undefined && !(Number.isSafeInteger(maxConcurrency) && maxConcurrency >= 1)) {
    misuse.add(
      `has maxConcurrency ${describeValue(maxConcurrency)}.`,
      'Give a whole number from 1, or leave it out for no limit.',
      {
        option: 'maxConcurrency',
      },
    );
  }
  if (failurePolicy !== undefined && failurePolicy !== 'fail-fast' && failurePolicy !== 'continue') {
    misuse.add(`has failurePolicy ${describeValue(failurePolicy)}.`, "Use 'fail-fast' or 'continue'.", {
      option: 'failurePolicy',
    });
  }
}
