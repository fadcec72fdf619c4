import {
  type Contract,
  type ContractSource,
  contractOf,
  isReadableBy,
  labelOf,
  Readability,
} from '../contracts/index.js';
import { type Problem, StageflowError } from '../errors/index.js';
import type { BoundContracts } from '../run/index.js';
import type { StageDeclaration } from './stage-declaration.js';

type Expectation = BoundContracts['expects'][number];

/** Finds the stage that a dependency of `from` means; null if there is none, or more than one, which the graph reports. */
export type NameOf = (
  target: StageDeclaration['dependencies'][number]['target'],
  from: StageDeclaration,
) => string | null;

/**
 * Makes contracts of what the declarations name, by index, and reports those that cannot work: no rules, a library that is
 * missing, a reader that expects what its producer does not promise.
 */
export function planContracts(
  pipeline: string,
  declarations: readonly StageDeclaration[],
  nameOf: NameOf,
): { readonly contracts: readonly (BoundContracts | null)[]; readonly problems: readonly Problem[] } {
  const plan = new ContractPlan(pipeline, nameOf);
  for (const { name, output } of declarations) plan.promise(name, output);
  return { contracts: declarations.map((declaration) => plan.bind(declaration)), problems: plan.problems };
}

class ContractPlan {
  readonly problems: Problem[] = [];
  readonly #pipeline: string;
  readonly #nameOf: NameOf;
  readonly #promised = new Map<string, Contract>();

  constructor(pipeline: string, nameOf: NameOf) {
    this.#pipeline = pipeline;
    this.#nameOf = nameOf;
  }

  promise(stage: string, source: ContractSource | null): void {
    if (source === null) return;
    const contract = this.#make(source, `The output contract of stage "${stage}"`);
    if (contract !== null) this.#promised.set(stage, contract);
  }

  bind(declaration: StageDeclaration): BoundContracts | null {
    const { name, input: source } = declaration;
    const output = this.#promised.get(name) ?? null;
    const input = source === null ? null : this.#make(source, `The input contract of stage "${name}"`);
    const expects = this.#expectations(declaration);
    return output === null && input === null && expects.length === 0 ? null : { output, input, expects };
  }

  #expectations(declaration: StageDeclaration): readonly Expectation[] {
    const { name, dependencies } = declaration;
    if (!Array.isArray(dependencies)) return []; // the graph reports it
    return (dependencies as StageDeclaration['dependencies']).flatMap(({ target, contract: source }) => {
      if (source === null) return [];
      const contract = this.#make(source, `What stage "${name}" expects of "${targetName(target)}"`);
      const producer = contract === null ? null : this.#nameOf(target, declaration);
      if (contract === null || producer === null) return [];
      const promised = this.#promised.get(producer);
      const isSure = promised !== undefined && this.#isKept(name, contract, producer, promised);
      return isSure ? [] : [{ stage: producer, contract }];
    });
  }

  /** Whether the promise of the producer makes looking at its output superfluous. Reports a promise that cannot do. */
  #isKept(reader: string, expected: Contract, producer: string, promised: Contract): boolean {
    const { verdict, problems } = isReadableBy(promised, expected);
    if (verdict !== Readability.No) return promised === expected;
    const broken = problems.filter((problem) => problem.verdict === Readability.No);
    const where = broken.map(({ path, message }) => `${path || 'it'} ${message}`).join('; ');
    this.problems.push({
      code: 'CONTRACT_MISMATCH',
      message: `Stage "${reader}" of pipeline "${this.#pipeline}" expects ${labelOf(expected)} of stage "${producer}", which promises ${labelOf(promised)}: ${where}.`,
      fix: 'Let the producer promise it, or expect less.',
      details: {
        pipeline: this.#pipeline,
        stage: reader,
        producer,
        expected: labelOf(expected),
        promised: labelOf(promised),
      },
    });
    return false;
  }

  #make(source: ContractSource, subject: string): Contract | null {
    try {
      const contract = contractOf(source) as Contract;
      contract.prepare();
      return contract;
    } catch (error) {
      if (!(error instanceof StageflowError)) throw error;
      const { code, summary, fix = '', details } = error;
      const message = `${subject} in pipeline "${this.#pipeline}" cannot be used: ${summary}`;
      this.problems.push({ code, message, fix, details: { ...details, pipeline: this.#pipeline } });
      return null;
    }
  }
}

function targetName(target: unknown): string {
  return typeof target === 'function' ? target.name : String(target);
}
