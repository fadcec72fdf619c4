import { StageflowError } from '../errors/index.js';
import type { Contract, ContractIssue } from './contract.js';
import { labelOf } from './contract-label.js';

const LISTED = 5;

export interface Violation {
  readonly contract: Pick<Contract, 'name' | 'version'>;
  /** A part of a sentence: `the output of stage "Fetch"`. */
  readonly subject: string;
  readonly issues: readonly ContractIssue[];
  /** What to do about it. Default: make it match, or change the contract. */
  readonly fix?: string;
}

/** A value does not keep the contract that somebody relies on. Says where and which rule, and never the value. */
export class ContractViolationError extends StageflowError {
  /** `summary/v2`, or the name alone of a contract without a version. */
  readonly contract: string;
  readonly issues: readonly ContractIssue[];

  constructor({ contract, subject, issues, fix }: Violation) {
    const label = labelOf(contract);
    const kept = Object.freeze([...issues]);
    super({
      code: 'CONTRACT_VIOLATED',
      message: `${capitalised(subject)} does not keep contract ${label}: ${listed(kept)}.`,
      fix: fix ?? 'Make it match, or change the contract.',
      details: { contract: contract.name, version: contract.version, subject, issues: kept },
    });
    this.contract = label;
    this.issues = kept;
  }
}

/** The error for a result that is not ok. The caller throws it, feeds it back or reports it. */
export function contractViolation(violation: Violation): ContractViolationError {
  return new ContractViolationError(violation);
}

function listed(issues: readonly ContractIssue[]): string {
  const first = issues
    .slice(0, LISTED)
    .map(({ path, message, received }) => `${path || 'it'} ${message} (is ${received})`);
  const rest = issues.length - first.length;
  return [...first, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
