/*
 * Finds out what a failure is by its structure: status, code, name, flags and headers. Never by its message, which is
 * written for people and changes without notice. Safe for anything that can be thrown.
 *
 * The first that says something decides: stageflow's own code, a status of HTTP, a code, the name, a flag. An error that
 * says nothing is what its cause is: `fetch failed` is a TypeError about a connection.
 */
import { ErrorCategory, type ErrorClassification, type ErrorClassifier } from './error-classification.js';
import { categoryOfCode, categoryOfName, categoryOfStatus } from './known-codes.js';
import { categoryOfOwnCode } from './own-codes.js';
import { readHeader } from './read-header.js';
import { headersOf, retryAfterOf } from './retry-after.js';
import { readBoolean, readSafely, readText } from './safe-read.js';
import { StageflowError } from './stageflow-error.js';

/** Causes are followed this far; a circle of them ends here, too. */
const DEEPEST_CAUSE = 8;

/**
 * Classifies whatever was thrown, when you decide yourself what to do about a failure. Never throws.
 * @param nowMs the wall-clock time in ms since 1970, for a `Retry-After` that is a date. Default: now
 */
export function classifyError(error: unknown, nowMs: number = Date.now()): ErrorClassification {
  let best: Finding | null = null;
  let current = error;
  let retryAfterMs: number | null = null;
  for (let depth = 0; depth < DEEPEST_CAUSE && current !== undefined; depth++) {
    retryAfterMs ??= retryAfterOf(current, nowMs);
    const found = findingOf(current);
    best = better(best, found);
    if (best !== null && !best.isWeak) break;
    current = readSafely(current, 'cause');
  }
  const category = best?.category ?? ErrorCategory.Unknown;
  return Object.freeze({
    category,
    code: best?.code ?? codeOf(error),
    retryable: best?.retryable ?? (category === ErrorCategory.Transient || category === ErrorCategory.Unknown),
    retryAfterMs,
  });
}

/** What is only known by the name of its class, or that a model failed, gives way to a cause that is known better. */
function better(known: Finding | null, found: Finding | null): Finding | null {
  if (known === null || found === null) return known ?? found;
  return found.isWeak ? known : { ...found, retryable: known.retryable ?? found.retryable };
}

/** The classifier that is used where none is given. */
export const defaultErrorClassifier: ErrorClassifier = Object.freeze({
  classify: (error: unknown, nowMs: number) => classifyError(error, nowMs),
});

interface Finding {
  readonly category: ErrorCategory;
  readonly code: string;
  /** What the error says itself; undefined where the category decides. */
  readonly retryable: boolean | undefined;
  readonly isWeak: boolean;
}

function findingOf(error: unknown): Finding | null {
  if (isOwn(error)) return ownFinding(error);
  const status = statusOf(error);
  const said = saidRetryable(error);
  const code = codeOf(error, status);
  const byCode = categoryOfCode(readText(error, 'code')) ?? categoryOfCode(readText(error, 'type'));
  // A code is more exact than a status: 429 is also the answer to an exhausted quota, and AWS throttles with 400.
  if (status !== null) {
    const isAws = readSafely(error, '$metadata') !== undefined;
    const byAws = isAws ? categoryOfName(readText(error, 'name')) : undefined;
    const category = byCode === ErrorCategory.Policy ? byCode : (byAws ?? categoryOfStatus(status));
    return { category, code, retryable: category === ErrorCategory.Policy ? false : said, isWeak: false };
  }
  if (byCode !== undefined) return { category: byCode, code, retryable: said, isWeak: false };
  const byName = categoryOfName(readText(error, 'name'));
  if (byName !== undefined) {
    return { category: byName, code, retryable: said, isWeak: byName === ErrorCategory.Logic && said === undefined };
  }
  if (said === undefined) return null;
  return { category: said ? ErrorCategory.Transient : ErrorCategory.Permanent, code, retryable: said, isWeak: false };
}

function isOwn(error: unknown): error is StageflowError {
  try {
    return error instanceof StageflowError;
  } catch {
    return false; // a revoked proxy refuses even this
  }
}

/** What stands for another failure, such as that of a stage of a child run, or of an item. */
const STANDING_FOR: readonly string[] = ['STAGE_FAILED', 'ITEM_FAILED', 'ITEM_SOURCE_FAILED'];

/** That is what it failed with. */
function ownFinding(error: StageflowError): Finding | null {
  if (STANDING_FOR.includes(error.code)) return null;
  const category = categoryOfOwnCode(error.code);
  const isWeak = error.code === 'MODEL_FAILED';
  return { category, code: error.code, retryable: readBoolean(error, 'retryable'), isWeak };
}

function statusOf(error: unknown): number | null {
  const response = readSafely(error, 'response');
  const candidates = [
    readSafely(error, 'status'),
    readSafely(error, 'statusCode'),
    readSafely(response, 'status'),
    readSafely(response, 'statusCode'),
    readSafely(readSafely(error, '$metadata'), 'httpStatusCode'),
  ];
  const status = candidates.find(
    (value) => Number.isInteger(value) && (value as number) >= 400 && (value as number) < 600,
  );
  return (status as number | undefined) ?? null;
}

/** `retryable` of an error, `$retryable` of AWS, `x-should-retry` of OpenAI. */
function saidRetryable(error: unknown): boolean | undefined {
  const own = readBoolean(error, 'retryable');
  if (own !== undefined) return own;
  const aws = readSafely(error, '$retryable');
  if (typeof aws === 'object' && aws !== null) return true;
  for (const headers of headersOf(error)) {
    const asked = readHeader(headers, 'x-should-retry');
    if (asked === 'true' || asked === 'false') return asked === 'true';
  }
  return undefined;
}

function codeOf(error: unknown, status: number | null = null): string {
  const code = readText(error, 'code');
  if (code !== undefined) return code;
  const name = readText(error, 'name');
  const isNamed = name !== undefined && name !== 'Error';
  if (isNamed && (status === null || readSafely(error, '$metadata') !== undefined)) return name;
  return status === null ? 'UNKNOWN' : `HTTP_${status}`;
}
