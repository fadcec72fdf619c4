import { StageflowError } from '../errors/index.js';
import { StageOutput } from '../stage/index.js';

/** Whether a value is a plain object, the only value that stands for `ok` by itself. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  try {
    // V8 calls its runtime for a prototype, unless it has just seen that the value is of a shape it knows. Reading `then`, which
    // promises have read already, lets it see that: a tenth of what the engine adds, where outputs are of few shapes.
    if ((value as { then?: unknown }).then === undefined && Object.getPrototypeOf(value) === Object.prototype)
      return true;
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
  } catch {
    return false; // a revoked proxy refuses even to be looked at
  }
}

/**
 * What a stage returned, as an output: nothing and plain objects are `ok`, anything else but a StageOutput is a failure.
 * @param outputClass a class whose instances are `ok` as well, since the stage has promised one
 */
export function toOutput(value: unknown, stage: string, outputClass: Function | null = null): StageOutput {
  try {
    if (value instanceof StageOutput) return value;
    if (value === undefined || value === null) return StageOutput.ok();
    if (isPlainObject(value)) return StageOutput.ok(value);
    if (outputClass !== null && value instanceof outputClass) return StageOutput.ok(value);
  } catch {
    // A proxy may refuse even to be looked at; then it is no output either.
  }
  return invalidOutput(value, stage);
}

function invalidOutput(value: unknown, stage: string): StageOutput<never> {
  const type = typeName(value);
  return StageOutput.fail(
    new StageflowError({
      code: 'STAGE_OUTPUT_INVALID',
      message: `Stage "${stage}" returned ${type}, which is not an output.`,
      fix: 'Return a plain object, nothing, or a StageOutput; wrap the value as { value: … }.',
      details: { stage, type },
    }),
    { retryable: false },
  );
}

function typeName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  try {
    if (Array.isArray(value)) return 'an array';
    const name: unknown = value.constructor?.name;
    return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an object with a prototype of its own';
  } catch {
    return 'an object that cannot be looked at';
  }
}
