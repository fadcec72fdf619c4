import type { ContextSnapshot } from '../context/index.js';
import type { LogFields } from '../events/index.js';
import { Masker, type MaskingRules } from '../masking/index.js';
import type { CompiledPipeline, CompiledStage } from './compiled-stage.js';
import type { StageExecution } from './stage-execution.js';

/** What a run looks through for secrets. */
export interface MaskedRun {
  readonly snapshot: ContextSnapshot;
  readonly compiled: CompiledPipeline;
  readonly executions: readonly (StageExecution | undefined)[];
  readonly parts: { readonly masking: MaskingRules | null };
  readonly resources: { readonly bagged: readonly unknown[] };
  readonly reporter: { readonly origin: { masker(): RunMasker | null } | null };
}

/**
 * Keeps the secrets of one run out of what is written about it. Made when something is first written that may hold one: it
 * then looks through what the run was started with, and before each writing through the bag and through the outputs that the writer
 * can know of, which are those upstream of it. Each output is looked through once, and none in a run that writes nothing of the kind.
 *
 * What the stage knows that started the run is secret in it as well, whatever it is called here.
 */
export class RunMasker {
  readonly #masker: Masker;
  readonly #run: MaskedRun;
  // By what they are and not by their place: a guard may send the run back, and then there are others in the same places.
  readonly #collected = new WeakSet<StageExecution>();
  readonly #bagged = new WeakSet<object>();

  constructor(rules: MaskingRules, run: MaskedRun) {
    this.#masker = new Masker(rules);
    this.#run = run;
    const { input, metadata, enrichments, conversation, extensions } = run.snapshot;
    for (const inputClass of run.compiled.inputClasses) this.#masker.collect(input, { fieldsOf: inputClass });
    const parts = [input, metadata, enrichments, conversation, ...extensions.values];
    for (const part of parts) this.#masker.collect(part);
  }

  /** @param writer who is about to write; null for the run itself, which knows all outputs */
  prepareFor(writer: CompiledStage | null): void {
    const { executions, resources } = this.#run;
    for (const value of resources.bagged) this.#collectFact(value);
    const pending = writer === null ? [...executions.keys()] : [writer.index, ...writer.dependencies];
    // What is upstream of a stage that was looked through was looked through with it.
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      const execution = executions[index];
      if (execution === undefined || !execution.settled || this.#collected.has(execution)) continue;
      this.#collected.add(execution);
      this.#masker.collect(execution.data, { fieldsOf: execution.stage.outputClass });
      if (writer !== null) pending.push(...execution.stage.dependencies);
    }
  }

  /** @param fieldsOf the class that describes the value, if one does */
  hide(value: object, fieldsOf: Function | null): void {
    this.#masker.collect(value, { fieldsOf });
  }

  #collectFact(value: unknown): void {
    if (typeof value !== 'object' || value === null || this.#bagged.has(value)) return;
    this.#bagged.add(value);
    this.#masker.collect(value);
  }

  text(text: string): string {
    const masked = this.#masker.maskText(text);
    return this.#above?.text(masked) ?? masked;
  }

  /** @param fieldsOf the class that describes the value, if one does */
  value(value: unknown, fieldsOf: Function | null = null): unknown {
    const masked = this.#masker.mask(value, { fieldsOf });
    const above = this.#above;
    return above === null ? masked : above.value(masked);
  }

  fields(fields: LogFields): LogFields {
    const masked = this.#masker.maskFields(fields);
    return this.#above?.fields(masked) ?? masked;
  }

  get #above(): RunMasker | null {
    return this.#run.reporter.origin?.masker() ?? null;
  }
}
