import { StageflowError } from '../errors/index.js';
import type { Contract, ContractSource } from './contract.js';
import { labelOf } from './contract-label.js';
import { contractOf } from './contract-of.js';
import type { ContractInput, ContractValue } from './contract-types.js';
import { isStandardSchema } from './standard-schema.js';

/** Finds versioned contracts by name: for records that say `summary/v2`, and for comparing a version with the one before. */
export class ContractRegistry {
  readonly #byName = new Map<string, Map<number, Contract>>();

  /**
   * Adds the contract of `source`, and gives it back. Adding the same again changes nothing.
   * @throws StageflowError with CONTRACT_INVALID if it has no version, CONTRACT_CONFLICT if another model has its place.
   */
  register<S extends ContractSource>(source: S): Contract<ContractValue<S>, ContractInput<S>> {
    const contract = contractOf(source);
    const { name, version } = contract;
    if (version === null) throw withoutVersion(contract);
    const versions = this.#byName.get(name) ?? new Map<number, Contract>();
    const present = versions.get(version);
    if (present !== undefined) {
      if (!isSame(present, contract)) throw conflict(present, contract);
      return present as typeof contract;
    }
    this.#byName.set(name, versions.set(version, contract));
    return contract;
  }

  /** @throws StageflowError with CONTRACT_UNKNOWN, listing what there is. */
  get(name: string, version: number): Contract {
    const found = this.#byName.get(name)?.get(version);
    if (found === undefined) throw this.#unknown(name, version);
    return found;
  }

  /**
   * The contract with the highest version.
   * @throws StageflowError with CONTRACT_UNKNOWN, listing the names there are.
   */
  latest(name: string): Contract {
    const version = this.versions(name).at(-1);
    if (version === undefined) throw this.#unknown(name);
    return this.get(name, version);
  }

  /** The versions of a name, lowest first; none for a name that is not known. */
  versions(name: string): number[] {
    return [...(this.#byName.get(name)?.keys() ?? [])].sort((a, b) => a - b);
  }

  #unknown(name: string, version: number | null = null): StageflowError {
    const versions = this.versions(name).map((known) => `v${known}`);
    const names = [...this.#byName.keys()].sort();
    const [kind, known] = versions.length > 0 ? ['Versions', versions] : ['Contracts', names];
    return new StageflowError({
      code: 'CONTRACT_UNKNOWN',
      message: `No contract ${labelOf({ name, version })} is registered. ${kind} registered: ${known.join(', ') || 'none'}.`,
      fix: 'Register it, or ask for one of those.',
      details: { name, version, versions: this.versions(name), names },
    });
  }
}

function isSame(a: Contract, b: Contract): boolean {
  return a === b || (a.model === b.model && a.unknownKeys === b.unknownKeys);
}

function withoutVersion({ name, model }: Contract): StageflowError {
  return new StageflowError({
    code: 'CONTRACT_INVALID',
    message: `Contract ${name} has no version, so it cannot be registered.`,
    fix: isStandardSchema(model)
      ? `Register contract('name/v1', schema) instead of the schema.`
      : `Put @Contract('name/v1') on the class.`,
    details: { contract: name },
  });
}

function conflict(present: Contract, added: Contract): StageflowError {
  const [first, second] = [describeModel(present), describeModel(added)];
  return new StageflowError({
    code: 'CONTRACT_CONFLICT',
    message: `Contract ${labelOf(added)} is registered as ${first}, and now as ${second}.`,
    fix: 'Give the second the next version or another name.',
    details: { contract: added.name, version: added.version, models: [first, second] },
  });
}

function describeModel({ model }: Contract): string {
  if (isStandardSchema(model)) return `a ${model['~standard'].vendor} schema`;
  return typeof model === 'function' ? `class ${model.name || '(anonymous)'}` : 'a contract of its own';
}
