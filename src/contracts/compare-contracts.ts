import type { Contract } from './contract.js';
import {
  type ChangeVerdict,
  type ContractChange,
  type ContractPolicy,
  contractChange,
  worst,
} from './contract-change.js';
import { isContract } from './contract-of.js';
import type { JsonSchema } from './json-schema.js';
import { schemaChanges } from './schema-changes.js';

export interface ContractComparison {
  /** That of the worst change; `compatible` if there is none. */
  readonly verdict: ChangeVerdict;
  readonly changes: readonly ContractChange[];
}

/**
 * What the next version of a contract changes, and whom that breaks: for a check in a test or before a release.
 *
 * Takes contracts, or JSON Schemas as they were stored. Of contracts it compares what they hand on; with `direction: 'input'`,
 * what may be given to them. Rules that JSON Schema cannot say, such as refinements, are not compared.
 * @throws StageflowError as `Contract.toJsonSchema` does.
 */
export function compareContracts(
  before: Contract | JsonSchema,
  after: Contract | JsonSchema,
  policy: ContractPolicy = {},
): ContractComparison {
  const [was, is] = [before, after].map((one) =>
    isContract(one) ? one.toJsonSchema(policy.direction ?? 'output') : one,
  );
  const changes = schemaChanges(was!, is!).map(([path, change]) => contractChange(path, change, policy));
  return Object.freeze({ verdict: worst(changes.map(({ verdict }) => verdict)), changes: Object.freeze(changes) });
}
