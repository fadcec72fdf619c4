import { contractOf } from '../src/contracts/index.js';
import { StageflowError } from '../src/errors/index.js';
import { type AbstractClass, type DependsOnMetadata, writeMetadata } from '../src/metadata/index.js';
import {
  type Dependency,
  isExpectedDependency,
  isOptionalDependency,
  isQuorumDependency,
  type QuorumDependency,
  type StageInstance,
} from '../src/stage/index.js';
import { describeValue, isClass, type Misuse, startChecks } from './misuse.js';
import type { RefuseReads } from './read-check.js';

/**
 * Names the stages this one waits for, and may read through `ctx.inputs`.
 *
 * Does not compile if `execute(ctx: StageContext<D>)` reads a stage that is not listed. A subclass with its own
 * `@DependsOn` replaces its parent's list; without one it keeps it. Listing a stage twice is harmless.
 * @throws DefinitionError with METADATA_DEPENDENCY_INVALID, when the class is loaded.
 */
export function DependsOn<const D extends readonly Dependency[]>(
  ...dependencies: D
): <C extends AbstractClass<StageInstance>>(target: C & RefuseReads<C, D>) => void {
  return (target) => {
    const misuse = startChecks('@DependsOn', 'dependsOn', target);
    dependencies.forEach((dependency, index) => {
      checkDependency(misuse, dependency, index + 1);
    });
    misuse.throwIfAny();
    const metadata: DependsOnMetadata = { dependencies: Object.freeze([...dependencies]) };
    writeMetadata('dependsOn', target, Object.freeze(metadata));
  };
}

function checkDependency(misuse: Misuse, dependency: Dependency, argument: number): void {
  if (isQuorumDependency(dependency)) {
    checkQuorum(misuse, dependency, argument);
    return;
  }
  const reads = isExpectedDependency(dependency) ? dependency.reads : dependency;
  checkStageClass(misuse, isOptionalDependency(reads) ? reads.optionalStage : reads, argument);
  if (!isExpectedDependency(dependency)) return;
  try {
    contractOf(dependency.contract);
  } catch (error) {
    if (!(error instanceof StageflowError)) throw error;
    const what = `expects ${describeValue(dependency.contract)} in argument ${argument}.`;
    misuse.add(what, error.fix ?? '', { argument });
  }
}

function checkQuorum(misuse: Misuse, { atLeast, members }: QuorumDependency, argument: number): void {
  for (const member of members) checkStageClass(misuse, member, argument);
  if (Number.isSafeInteger(atLeast) && atLeast >= 1 && atLeast <= new Set(members).size) return;
  const what = `asks in argument ${argument} for at least ${describeValue(atLeast)} of ${members.length} stages.`;
  misuse.add(what, 'Ask for a whole number from 1 to as many as there are.', { argument });
}

/** Not whether it carries @Stage: that is known only when a pipeline is put together. */
export function checkStageClass(misuse: Misuse, value: unknown, argument: number): void {
  if (isClass(value) && typeof value.prototype.execute === 'function') return;
  const expected = 'a class with an execute method, or optional(StageClass),';
  misuse.addUnfit(value, `argument ${argument}`, expected, 'METADATA_DEPENDENCY_INVALID');
}
