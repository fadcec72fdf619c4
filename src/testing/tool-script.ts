import { StageflowError } from '../errors/index.js';
import type { ToolContext } from '../stage/index.js';
import { differences } from './differences.js';

/** What one call of a scripted tool does. */
export type ToolStep<I = any, O = any> = ToolAnswer<I, O> & {
  /** What the input must contain. */
  readonly expect?: Partial<I>;
};

type ToolAnswer<I, O> =
  | { readonly output: O }
  | { readonly fail: unknown }
  | { readonly run: (input: I, ctx: ToolContext) => O | Promise<O> };

/** A call that was made, with the input after its contract was checked. */
export interface ScriptedCall<I = any> {
  readonly input: I;
  readonly callId: string;
}

/**
 * Stands in for a tool and answers its calls one after the other. A call that the script does not foresee fails, and
 * `assertComplete` tells of it as well, since a stage may swallow the failure.
 */
export class ToolScript<I = any, O = any> {
  readonly calls: ScriptedCall<I>[] = [];
  readonly #steps: readonly ToolStep<I, O>[];
  readonly #endless: boolean;
  #unforeseen: StageflowError | null = null;

  constructor(steps: readonly ToolStep<I, O>[], options: { readonly repeatLast?: boolean } = {}) {
    this.#steps = steps;
    this.#endless = options.repeatLast ?? false;
  }

  execute(input: I, ctx: ToolContext): O | Promise<O> {
    const number = this.calls.push({ input, callId: ctx.callId });
    const step = this.#steps[number - 1] ?? (this.#endless ? this.#steps.at(-1) : undefined);
    if (step === undefined)
      throw this.#mismatch(`It is called ${number} times, but the script has ${this.#steps.length} steps.`);
    const wrong = step.expect === undefined ? [] : differences(step.expect, input);
    if (wrong.length > 0) throw this.#mismatch(`Call ${number} has another input: ${wrong.join('; ')}.`);
    if ('fail' in step) throw step.fail;
    return 'run' in step ? step.run(input, ctx) : step.output;
  }

  /** Takes nothing back, since nothing was done: a reversible tool needs one. */
  undo(): void {}

  /** @throws TEST_SCRIPT_MISMATCH if a call was not foreseen, or steps are left */
  assertComplete(): void {
    if (this.#unforeseen !== null) throw this.#unforeseen;
    const left = this.#steps.length - this.calls.length;
    if (left > 0) throw mismatch(`${left} of its ${this.#steps.length} steps were not called for.`);
  }

  #mismatch(what: string): StageflowError {
    const error = mismatch(what);
    this.#unforeseen ??= error;
    return error;
  }
}

function mismatch(what: string): StageflowError {
  return new StageflowError({
    code: 'TEST_SCRIPT_MISMATCH',
    message: `A scripted tool is used otherwise than its script says. ${what}`,
    fix: 'Correct the script, or whoever calls the tool.',
  });
}
