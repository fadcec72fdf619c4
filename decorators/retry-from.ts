import { type AbstractClass, type RetryFromMetadata, writeMetadata } from '../src/metadata/index.js';
import type { RetryFromOptions, StageClass, StageInstance } from '../src/stage/index.js';
import { checkStageClass } from './depends-on.js';
import { checkOptionNames, describeValue, type Misuse, startChecks } from './misuse.js';

const OPTION_NAMES = ['attempts', 'timeoutMs', 'stagnation'] as const satisfies (keyof RetryFromOptions)[];

/**
 * Sends the run back to an earlier stage when this guard fails: `@RetryFrom(Draft, { attempts: 3 })`.
 *
 * That stage and everything downstream of it is computed again, guards that had passed included; it reads the reason in
 * `ctx.feedback`. When the attempts are used up, the time is over, or the guard keeps saying the same, the guard fails with
 * GUARD_RETRY_EXHAUSTED. A subclass's own `@RetryFrom` replaces its parent's. That the guard runs after the stage is checked
 * when a pipeline is put together.
 * @throws DefinitionError with METADATA_DEPENDENCY_INVALID or METADATA_OPTION_INVALID, when the class is loaded.
 */
export function RetryFrom(
  stage: StageClass,
  options: RetryFromOptions,
): <C extends AbstractClass<StageInstance>>(target: C) => void {
  return (target) => {
    const misuse = startChecks('@RetryFrom', 'retryFrom', target);
    checkStageClass(misuse, stage, 1);
    checkOptionNames(misuse, options, OPTION_NAMES);
    checkNumbers(misuse, options);
    misuse.throwIfAny();
    const metadata: RetryFromMetadata = { stage, options: Object.freeze({ ...options }) };
    writeMetadata('retryFrom', target, Object.freeze(metadata));
  };
}

function checkNumbers(misuse: Misuse, { attempts, timeoutMs = 0, stagnation = 2 }: RetryFromOptions): void {
  const refuse = (option: string, value: unknown, fix: string): void => {
    misuse.add(`has ${option} ${describeValue(value)}.`, fix, { option });
  };
  if (!(Number.isSafeInteger(attempts) && attempts >= 1)) {
    refuse('attempts', attempts, 'Give a whole number of at least 1, the first attempt included.');
  }
  if (!(Number.isFinite(timeoutMs) && timeoutMs >= 0)) {
    refuse('timeoutMs', timeoutMs, 'Give milliseconds, or 0 for no limit.');
  }
  if (!(Number.isSafeInteger(stagnation) && stagnation >= 2)) {
    refuse('stagnation', stagnation, 'Give a whole number of at least 2, or leave it out.');
  }
}
