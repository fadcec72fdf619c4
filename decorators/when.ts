import { type AbstractClass, readMetadata, type WhenMetadata, writeMetadata } from '../src/metadata/index.js';
import type { OutputOf, StageClass, StageInstance } from '../src/stage/index.js';
import { checkPredicate } from './check-predicate.js';
import { checkStageClass } from './depends-on.js';
import { startChecks } from './misuse.js';
import { addSecondCondition } from './stage.js';

/**
 * Runs this stage only where the output of another says so, for example a router's choice: `@When(Router, (r) =>
 * r.route === 'sales')`.
 *
 * The other stage becomes a dependency; list it in `@DependsOn` as well to read it. Where the predicate says false the
 * stage is skipped as not selected; where it throws, the stage fails. A subclass's own `@When` replaces its parent's.
 * @throws DefinitionError with METADATA_DEPENDENCY_INVALID or METADATA_OPTION_INVALID, when the class is loaded.
 */
export function When<R extends StageClass>(
  stage: R,
  predicate: (output: OutputOf<R>) => boolean,
): <C extends AbstractClass<StageInstance>>(target: C) => void {
  return (target) => {
    const misuse = startChecks('@When', 'when', target);
    checkStageClass(misuse, stage, 1);
    checkPredicate(misuse, 'predicate', predicate);
    if ((readMetadata('stage', target)?.when ?? null) !== null) addSecondCondition(misuse);
    misuse.throwIfAny();
    const metadata: WhenMetadata = { stage, predicate };
    writeMetadata('when', target, Object.freeze(metadata));
  };
}
