import type { ContextSnapshot } from '../context/index.js';
import type { LogFields } from '../events/index.js';
import { Masker, type MaskingRules } from '../masking/index.js';
import type { CompiledPipeline } from './compiled-stage.js';
import type { StageExecution } from './stage-execution.js';

/** What a run looks through for secrets. */
export interface MaskedRun {
  readonly snapshot: ContextSnapshot;
  readonly compiled: CompiledPipeline;
  readonly executions: readonly (StageExecution | undefined)[];
}

/**
 * Keeps the secrets of one run out of what is written about it. Made when something is first written that may hold one: it
 * then looks through the input and all outputs so far, and through every later one when its stage is done. A run that
 * writes nothing of the kind never pays for it.
 */
export class RunMasker {
  readonly #masker: Masker;

  constructor(rules: MaskingRules, { snapshot, compiled, executions }: MaskedRun) {
    this.#masker = new Masker(rules);
    const { input, metadata, enrichments, conversation } = snapshot;
    for (const inputClass of compiled.inputClasses) this.#masker.collect(input, { fieldsOf: inputClass });
    for (const part of [input, metadata, enrichments, conversation]) this.#masker.collect(part);
    for (const execution of executions) if (execution?.data !== undefined) this.collect(execution);
  }

  /** A stage is done: the secrets in what it handed on are known from now on. */
  collect({ data, stage }: StageExecution): void {
    this.#masker.collect(data, { fieldsOf: stage.outputClass });
  }

  text(text: string): string {
    return this.#masker.maskText(text);
  }

  value(value: unknown): unknown {
    return this.#masker.mask(value);
  }

  fields(fields: LogFields): LogFields {
    return this.#masker.maskFields(fields);
  }
}
