import {
  type AbstractClass,
  constructorProblems,
  type InjectableMetadata,
  Scope,
  writeMetadata,
} from '../src/metadata/index.js';
import { checkOptionNames, describeValue, startChecks } from './misuse.js';

export interface InjectableOptions {
  /** Default: singleton, or run if anything the class asks for belongs to one run. */
  readonly scope?: Scope;
}

/**
 * Makes the constructor of a service readable for the container, and says how long an instance lives. Stages, tools and
 * modules need it only to choose a scope. Not inherited.
 * @throws DefinitionError with METADATA_OPTION_INVALID, METADATA_MISSING or METADATA_ERASED, when the class is loaded.
 */
export function Injectable(options: InjectableOptions = {}): (target: AbstractClass) => void {
  return (target) => {
    const misuse = startChecks('@Injectable', 'injectable', target);
    checkOptionNames(misuse, options, ['scope']);
    const scopes = Object.values(Scope);
    if (options.scope !== undefined && !scopes.includes(options.scope)) {
      misuse.add(`has the unknown scope ${describeValue(options.scope)}.`, `Use one of ${scopes.join(', ')}.`, {
        option: 'scope',
      });
    }
    misuse.include(constructorProblems(target));
    misuse.throwIfAny();
    const metadata: InjectableMetadata = { scope: options.scope ?? null };
    writeMetadata('injectable', target, Object.freeze(metadata));
  };
}
