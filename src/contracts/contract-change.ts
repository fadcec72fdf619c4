import type { ContractSide } from './contract.js';

/** What may have changed between two versions of a contract. */
export const ContractChangeKind = {
  AddedOptional: 'added-optional',
  AddedRequired: 'added-required',
  Removed: 'removed',
  BecameRequired: 'became-required',
  BecameOptional: 'became-optional',
  BecameNullable: 'became-nullable',
  NoLongerNullable: 'no-longer-nullable',
  /** Everything that was allowed still is, and more. */
  Widened: 'widened',
  /** Less is allowed than was. */
  Narrowed: 'narrowed',
  /** Some of what was allowed no longer is, and the other way round. */
  TypeChanged: 'type-changed',
  /** Keys that are not listed are allowed, and were not. */
  Opened: 'opened',
  Closed: 'closed',
  /** Something changed that cannot be compared: a pattern, a format, a keyword that is not understood. */
  Undecided: 'undecided',
} as const;
export type ContractChangeKind = (typeof ContractChangeKind)[keyof typeof ContractChangeKind];

export const ChangeVerdict = {
  Compatible: 'compatible',
  Warning: 'warning',
  Breaking: 'breaking',
} as const;
export type ChangeVerdict = (typeof ChangeVerdict)[keyof typeof ChangeVerdict];

export interface ContractChange {
  /** `author.tags[].label`; empty for the value itself. */
  readonly path: string;
  readonly change: ContractChangeKind;
  readonly verdict: ChangeVerdict;
  /** What to do about it, as an instruction. */
  readonly suggestion: string;
}

export interface ContractPolicy {
  /**
   * Who must go on working: `output` those who read what the contract hands on, `input` those who give values to it.
   * Default: both, as for a contract that is stored or implemented by others.
   */
  readonly direction?: ContractSide;
  /** What it counts for readers when a value may be null that could not be. Default `breaking`. */
  readonly nullable?: ChangeVerdict;
}

const { Compatible, Warning, Breaking } = ChangeVerdict;

/** By kind: for readers, for writers, for both. A row says what each of them meets that they did not meet before. */
const VERDICTS: Readonly<Record<ContractChangeKind, readonly [ChangeVerdict, ChangeVerdict, ChangeVerdict]>> = {
  'added-optional': [Warning, Compatible, Warning],
  'added-required': [Warning, Breaking, Breaking],
  removed: [Breaking, Warning, Breaking],
  'became-required': [Compatible, Breaking, Breaking],
  'became-optional': [Breaking, Compatible, Breaking],
  'became-nullable': [Breaking, Compatible, Breaking],
  'no-longer-nullable': [Compatible, Breaking, Breaking],
  widened: [Breaking, Compatible, Breaking],
  narrowed: [Compatible, Breaking, Breaking],
  'type-changed': [Breaking, Breaking, Breaking],
  opened: [Warning, Compatible, Warning],
  closed: [Compatible, Breaking, Breaking],
  undecided: [Warning, Warning, Breaking],
};

const SUGGESTIONS: Readonly<Record<ContractChangeKind, string>> = {
  'added-optional': 'See that readers which refuse unknown keys know it.',
  'added-required': 'Make it optional or give it a default, or publish the next version.',
  removed: 'Keep it, optional, until nobody reads it, or publish the next version.',
  'became-required': 'Leave it optional or give it a default, or publish the next version.',
  'became-optional': 'Leave it required, or publish the next version.',
  'became-nullable': 'Leave it out instead of null, or publish the next version.',
  'no-longer-nullable': 'Go on accepting null, or publish the next version.',
  widened: 'Hand on only what was allowed before, or publish the next version.',
  narrowed: 'Go on accepting what was allowed before, or publish the next version.',
  'type-changed': 'Add a key of another name for it, or publish the next version.',
  opened: 'See that readers which refuse unknown keys know them.',
  closed: 'Go on accepting unknown keys, or publish the next version.',
  undecided: 'Compare by hand: it cannot be told which values are affected.',
};

export function contractChange(path: string, change: ContractChangeKind, policy: ContractPolicy): ContractChange {
  return Object.freeze({ path, change, verdict: verdictFor(change, policy), suggestion: SUGGESTIONS[change] });
}

function verdictFor(change: ContractChangeKind, { direction, nullable }: ContractPolicy): ChangeVerdict {
  const [readers, writers, both] = VERDICTS[change];
  if (direction === 'input') return writers;
  if (change === ContractChangeKind.BecameNullable && nullable !== undefined) return nullable;
  return direction === 'output' ? readers : both;
}

export function worst(verdicts: readonly ChangeVerdict[]): ChangeVerdict {
  return [Breaking, Warning].find((verdict) => verdicts.includes(verdict)) ?? Compatible;
}
