import { type AbstractClass, writeMetadata } from '../src/metadata/index.js';
import type { RefuseUndone, StageInstance } from '../src/stage/index.js';
import { startChecks } from './misuse.js';

/**
 * Has the work of this stage undone when its run fails or is cancelled after the stage has completed: by its method
 * `compensate(output, ctx)`, which gets what `execute` handed on.
 *
 * Work is undone in reverse order of completion, once, within the engine's `compensationMs`. Only for stages of kind `work`,
 * which is checked when a pipeline is put together. Does not compile without the method, or if it takes something else.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Compensate(): <C extends AbstractClass<StageInstance>>(target: C & RefuseUndone<C>) => void {
  return (target: AbstractClass<StageInstance>) => {
    const misuse = startChecks('@Compensate', 'compensate', target);
    if (typeof (target.prototype as { compensate?: unknown }).compensate !== 'function') {
      misuse.add('finds no compensate method.', 'Declare `compensate(output, ctx) { … }` as a method with a body.');
    }
    misuse.throwIfAny();
    writeMetadata('compensate', target, true);
  };
}
