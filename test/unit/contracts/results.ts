import type { ContractIssue, ContractResult } from '../../../src/contracts/index.js';

/** The result of a check that must not need a promise. */
export function atOnce<T>(result: ContractResult<T> | Promise<ContractResult<T>>): ContractResult<T> {
  if (result instanceof Promise) throw new Error('The check gave a promise.');
  return result;
}

export function handedOn<T>(result: ContractResult<T> | Promise<ContractResult<T>>): T {
  const settled = atOnce(result);
  if (!settled.ok) throw new Error(`Refused: ${JSON.stringify(settled.issues)}`);
  return settled.value;
}

export function issuesOf(result: ContractResult<unknown> | Promise<ContractResult<unknown>>): readonly ContractIssue[] {
  const settled = atOnce(result);
  return settled.ok ? [] : settled.issues;
}

/** `path: message`, for short comparisons. */
export function linesOf(result: ContractResult<unknown> | Promise<ContractResult<unknown>>): string[] {
  return issuesOf(result).map(({ path, message }) => `${path}: ${message}`);
}
