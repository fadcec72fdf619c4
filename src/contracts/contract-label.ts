import { StageflowError } from '../errors/index.js';
import { UnknownKeys } from './contract.js';

/** What a contract is called. */
export interface ContractLabel {
  readonly name: string;
  readonly version: number | null;
}

export const LABEL_FORMAT = 'Write name/vN with N from 1, for example summary/v2.';

/** Reads `summary/v2`; undefined if it is not of that form. */
export function parseLabel(label: unknown): { readonly name: string; readonly version: number } | undefined {
  const parts = typeof label === 'string' ? /^(\p{L}[\p{L}\p{N}_.-]*)\/v([1-9]\d{0,8})$/u.exec(label) : null;
  return parts === null ? undefined : { name: parts[1]!, version: Number(parts[2]) };
}

/** The other way round: `summary/v2`, or the name alone for a contract without a version. */
export function labelOf({ name, version }: ContractLabel): string {
  return version === null ? name : `${name}/v${version}`;
}

/** @throws StageflowError with CONTRACT_INVALID. */
export function readLabel(label: unknown): ContractLabel {
  const parsed = parseLabel(label);
  if (parsed !== undefined) return parsed;
  throw new StageflowError({
    code: 'CONTRACT_INVALID',
    message: `A contract cannot be called ${typeof label === 'string' ? JSON.stringify(label) : `a ${typeof label}`}.`,
    fix: LABEL_FORMAT,
    details: {},
  });
}

/** What `@Contract` says about a class. */
export interface ClassContract {
  readonly label: ContractLabel;
  readonly unknownKeys: UnknownKeys;
}

const classContracts = new WeakMap<object, ClassContract>();

/** Gives a DTO class its name, version and options. Not inherited. */
export function nameContract(
  target: Function,
  label: ContractLabel,
  unknownKeys: UnknownKeys = UnknownKeys.Strip,
): void {
  classContracts.set(target, Object.freeze({ label, unknownKeys }));
}

export function classContractOf(target: object): ClassContract | undefined {
  return classContracts.get(target);
}
