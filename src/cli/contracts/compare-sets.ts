import { ChangeVerdict, type ContractChange, type ContractPolicy, compareContracts } from '../../contracts/index.js';
import { usageError } from '../cli-errors.js';
import type { ContractSet } from './contract-set.js';

/** What became of one contract. */
export interface ContractDifference {
  readonly contract: string;
  readonly status: 'same' | 'changed' | 'added' | 'removed';
  readonly verdict: ChangeVerdict;
  readonly changes: readonly ContractChange[];
}

/**
 * Compares contract by contract, by name and version: a next version beside the last one breaks nobody, a version that is gone
 * breaks whoever reads it. Two single ones are compared whatever they are called.
 * @throws CLI_USAGE if one contract is to be compared with many
 */
export function compareSets(
  before: ContractSet,
  after: ContractSet,
  policy: ContractPolicy,
): readonly ContractDifference[] {
  if (before.isSingle !== after.isSingle) {
    throw usageError('One contract cannot be compared with a list of them.', 'Name one of the list with file#name.');
  }
  if (before.isSingle) {
    const [[label, is]] = [...after.schemas] as [[string, object]];
    const [was] = [...before.schemas.values()] as [object];
    return [difference(label, was, is, policy)];
  }
  const labels = [...new Set([...before.schemas.keys(), ...after.schemas.keys()])].sort();
  return labels.map((label) => difference(label, before.schemas.get(label), after.schemas.get(label), policy));
}

function difference(
  contract: string,
  was: object | undefined,
  is: object | undefined,
  policy: ContractPolicy,
): ContractDifference {
  if (was === undefined) return { contract, status: 'added', verdict: ChangeVerdict.Compatible, changes: [] };
  if (is === undefined) return { contract, status: 'removed', verdict: ChangeVerdict.Breaking, changes: [] };
  const { verdict, changes } = compareContracts(was as never, is as never, policy);
  return { contract, status: changes.length === 0 ? 'same' : 'changed', verdict, changes };
}
