import { type Contract, contractViolation } from '../contracts/index.js';
import { StageflowError } from '../errors/index.js';
import { deepFreeze } from '../payload/index.js';
import { StageOutput, StageStatus } from '../stage/index.js';

/**
 * What one stage promises to hand on. It is kept before interceptors see the output, so that a retry can answer, and again
 * if one of them put another in its place. What keeps it is frozen at once, instances of a DTO included.
 */
export class OutputContract {
  readonly #contract: Contract;
  readonly #stage: string;
  /** What this contract has handed on: it need not be checked again, and transforms must not run twice. */
  readonly #kept = new WeakSet<object>();

  constructor(contract: Contract, stage: string) {
    this.#contract = contract;
    this.#stage = stage;
  }

  /** The output as dependents may see it, or the failure. Gives a promise only if a rule needs one. */
  keep(output: StageOutput): StageOutput | Promise<StageOutput> {
    const { data } = output;
    if (output.status !== StageStatus.Ok || data === undefined || this.#kept.has(data)) return output;
    try {
      const result = this.#contract.check(data);
      if (!(result instanceof Promise)) return this.#settle(output, result);
      return result.then((settled) => this.#settle(output, settled)).catch((error: unknown) => StageOutput.fail(error));
    } catch (error) {
      return StageOutput.fail(error);
    }
  }

  #settle(output: StageOutput, result: Awaited<ReturnType<Contract['check']>>): StageOutput {
    if (!result.ok) {
      const subject = `the output of stage "${this.#stage}"`;
      return StageOutput.fail(contractViolation({ contract: this.#contract, subject, issues: result.issues }));
    }
    const { value } = result;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return StageOutput.fail(this.#noObject());
    this.#kept.add(deepFreeze(value, { instances: true }));
    return value === output.data ? output : StageOutput.ok(value);
  }

  #noObject(): StageflowError {
    return new StageflowError({
      code: 'STAGE_OUTPUT_INVALID',
      message: `The output contract of stage "${this.#stage}" made something else than an object of what the stage returned.`,
      fix: 'Let the contract hand on an object; wrap the value as { value: … }.',
      details: { stage: this.#stage, contract: this.#contract.name },
    });
  }
}
