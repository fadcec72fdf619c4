import { StageflowError } from '../errors/index.js';
import { messageOf, type Settled, type StageFailure } from '../stage/index.js';

type ItemCode =
  | 'ITEM_FAILED'
  | 'ITEM_CANCELLED'
  | 'ITEMS_TOO_FEW'
  | 'ITEM_KEY_INVALID'
  | 'ITEM_KEY_DUPLICATE'
  | 'ITEM_SOURCE_FAILED';

interface ItemsErrorInit {
  readonly code: ItemCode;
  readonly message: string;
  readonly fix: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  readonly retryable?: boolean | null;
}

/** Who knows what became of the items. */
export interface ItemRecord {
  readonly stage: string;
  settled(): Settled[];
}

/** The items of a stage did not come to what they had to. */
export class ItemsFailedError extends StageflowError {
  /** Whether trying again can help; null if nobody said. */
  readonly retryable: boolean | null;
  readonly #record: ItemRecord;

  constructor(record: ItemRecord, { retryable = null, details, ...init }: ItemsErrorInit) {
    super({ ...init, details: { stage: record.stage, ...details } });
    this.#record = record;
    this.retryable = retryable;
  }

  /** How each item has ended that was begun, in the order of the source: what was completed is not lost. */
  get items(): readonly Settled[] {
    return Object.freeze(this.#record.settled());
  }
}

export function itemFailed(record: ItemRecord, key: string, index: number, failure: StageFailure): ItemsFailedError {
  const { error, code, hint, retryable } = failure;
  return new ItemsFailedError(record, {
    code: 'ITEM_FAILED',
    message: `Item ${quoted(key)} of stage "${record.stage}" failed: ${sentence(summaryOf(error))}`,
    fix: hint ?? fixOf(error) ?? 'See the cause. To go on without an item that fails, give another policy.',
    details: { key, index, failureCode: code },
    cause: error,
    retryable,
  });
}

export function itemCancelled(record: ItemRecord, key: string, index: number, reason: unknown): ItemsFailedError {
  return new ItemsFailedError(record, {
    code: 'ITEM_CANCELLED',
    message: `Item ${quoted(key)} of stage "${record.stage}", which needs all its items, was cancelled: ${messageOf(reason)}.`,
    fix: 'Give the stage the policy settled or atLeast(n), if items may be cancelled alone.',
    details: { key, index },
    cause: reason,
    retryable: false,
  });
}

export function tooFewItems(record: ItemRecord, completed: number, atLeast: number, of: number): ItemsFailedError {
  return new ItemsFailedError(record, {
    code: 'ITEMS_TOO_FEW',
    message: `Stage "${record.stage}" needs ${atLeast} items to complete, but of ${of} only ${completed} did.`,
    fix: 'See items of the error for how each of them ended.',
    details: { completed, atLeast, items: of },
  });
}

export function invalidKey(record: ItemRecord, index: number, key: unknown, cause?: unknown): ItemsFailedError {
  const got =
    cause === undefined ? `which is ${key === '' ? 'empty' : kindOf(key)}` : `which threw: ${messageOf(cause)}`;
  return new ItemsFailedError(record, {
    code: 'ITEM_KEY_INVALID',
    message: `The item at ${index} of stage "${record.stage}" has a key ${got}.`,
    fix: 'Let key give a string that is not empty, or a number.',
    details: { index },
    ...(cause === undefined ? {} : { cause }),
    retryable: false,
  });
}

export function duplicateKey(record: ItemRecord, index: number, key: string): ItemsFailedError {
  return new ItemsFailedError(record, {
    code: 'ITEM_KEY_DUPLICATE',
    message: `The item at ${index} of stage "${record.stage}" has the key ${quoted(key)}, which an item before it has.`,
    fix: 'Take the key from what makes items different, or take repeated items out of the source.',
    details: { index, key },
    retryable: false,
  });
}

/** @param cause what it threw; undefined if it is none */
export function sourceFailed(record: ItemRecord, items: unknown, cause?: unknown): ItemsFailedError {
  const isNone = cause === undefined;
  return new ItemsFailedError(record, {
    code: 'ITEM_SOURCE_FAILED',
    message: isNone
      ? `The items of stage "${record.stage}" are ${kindOf(items)}, which cannot be iterated.`
      : `The source of the items of stage "${record.stage}" failed: ${sentence(messageOf(cause))}`,
    fix: isNone ? 'Give an array, or anything iterable, also asynchronously.' : 'See the cause.',
    details: {},
    ...(isNone ? { retryable: false } : { cause }),
  });
}

/** Why an item is told to stop when another has ended the stage. */
export function itemsGivenUp(stage: string, message: string): StageflowError {
  return new StageflowError({
    code: 'STAGE_CANCELLED',
    message: `The work on the items of stage "${stage}" has ended: ${message}`,
    details: { stage },
  });
}

/** Keys are made by the program, but nobody wants one of a thousand characters in a message. */
function quoted(key: string): string {
  return JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}…` : key);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return String(value);
  return typeof value === 'object' ? 'an object' : typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
}

function summaryOf(error: unknown): string {
  return isOwn(error) ? error.summary : messageOf(error);
}

function fixOf(error: unknown): string | undefined {
  return isOwn(error) ? error.fix : undefined;
}

function isOwn(error: unknown): error is StageflowError {
  try {
    return error instanceof StageflowError;
  } catch {
    return false; // a revoked proxy refuses even this
  }
}

function sentence(text: string): string {
  return /[.!?\]]$/.test(text) ? text : `${text}.`;
}
