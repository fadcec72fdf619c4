export { type ContractComparison, compareContracts } from './compare-contracts.js';
export {
  type Contract,
  type ContractIssue,
  type ContractResult,
  type ContractSide,
  type ContractSource,
  type DtoClass,
  UnknownKeys,
} from './contract.js';
export { ChangeVerdict, type ContractChange, ContractChangeKind, type ContractPolicy } from './contract-change.js';
export { classContractOf, LABEL_FORMAT, labelOf, nameContract, parseLabel } from './contract-label.js';
export { contract, contractOf, isContract, type SchemaContractOptions } from './contract-of.js';
export { ContractRegistry } from './contract-registry.js';
export type { ContractInput, ContractValue } from './contract-types.js';
export { ContractViolationError, contractViolation, type Violation } from './contract-violation.js';
export { isReadableBy, type ReadabilityResult } from './is-readable-by.js';
export type { JsonSchema } from './json-schema.js';
export { Readability, type ReadProblem } from './readability.js';
export type { RefuseMismatch } from './refuse-mismatch.js';
export type { SchemaConverter } from './schema-json-schema.js';
export type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.js';
