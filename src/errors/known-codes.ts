/* What codes and names of others say. Stageflow's own codes are in own-codes.ts. */
import { ErrorCategory } from './error-classification.js';

const { Transient, Permanent, Policy, Logic, Systemic, Cancelled } = ErrorCategory;

/** Codes of Node, undici and OpenSSL. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  [Transient]: [
    ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'EAI_AGAIN', 'EAGAIN'],
    ...['ENETDOWN', 'ENETRESET', 'ENETUNREACH', 'EHOSTDOWN', 'EHOSTUNREACH', 'EBUSY', 'ERR_STREAM_PREMATURE_CLOSE'],
    ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET'],
    ...['ERR_HTTP2_STREAM_ERROR', 'ERR_HTTP2_GOAWAY_SESSION', 'rate_limit_exceeded', 'rate_limit_error'],
    ...['overloaded_error', 'server_error', 'api_error'],
  ],
  [Permanent]: [
    ...['ENOTFOUND', 'ENOENT', 'EEXIST', 'EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'ENAMETOOLONG', 'CERT_HAS_EXPIRED'],
    ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ...['context_length_exceeded', 'invalid_request_error', 'not_found_error'],
  ],
  [Policy]: ['EACCES', 'EPERM', 'insufficient_quota', 'invalid_api_key', 'authentication_error', 'permission_error'],
  [Logic]: ['ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_VALUE', 'ERR_INVALID_URL', 'ERR_ASSERTION', 'ERR_OUT_OF_RANGE'],
  [Systemic]: ['ENOSPC', 'ENOMEM', 'EMFILE', 'ENFILE', 'EROFS', 'EDQUOT', 'ERR_WORKER_OUT_OF_MEMORY'],
  [Cancelled]: ['ABORT_ERR', 'ERR_CANCELED'],
};

/** Names of error classes, and of the exceptions of AWS, which older clients give as a code. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  [Transient]: [
    ...['TimeoutError', 'Throttling', 'ThrottlingException', 'ThrottledException', 'RequestThrottled', 'SlowDown'],
    ...['RequestThrottledException', 'TooManyRequestsException', 'RequestLimitExceeded', 'BandwidthLimitExceeded'],
    ...['ProvisionedThroughputExceededException', 'LimitExceededException', 'PriorRequestNotComplete'],
    ...['RequestTimeout', 'RequestTimeoutException', 'ServiceUnavailable', 'ServiceUnavailableException'],
    ...['InternalServerException', 'InternalServerError', 'TransactionInProgressException'],
  ],
  [Permanent]: ['ValidationException', 'ResourceNotFoundException'],
  [Policy]: ['AccessDenied', 'AccessDeniedException', 'UnrecognizedClientException', 'ExpiredTokenException'],
  [Logic]: ['TypeError', 'ReferenceError', 'SyntaxError', 'RangeError', 'EvalError', 'URIError', 'AssertionError'],
  [Cancelled]: ['AbortError'],
};

const byCode = invert(CODES);
const byName = invert(NAMES);

export function categoryOfCode(code: string | undefined): ErrorCategory | undefined {
  return code === undefined ? undefined : (byCode.get(code) ?? byName.get(code));
}

export function categoryOfName(name: string | undefined): ErrorCategory | undefined {
  return name === undefined ? undefined : byName.get(name);
}

const HTTP_TRANSIENT: ReadonlySet<number> = new Set([408, 423, 425, 429, 500, 502, 503, 504, 520, 521, 522, 524, 529]);
const HTTP_POLICY: ReadonlySet<number> = new Set([401, 402, 403, 407, 451]);

/** @param status 400 to 599 */
export function categoryOfStatus(status: number): ErrorCategory {
  if (HTTP_TRANSIENT.has(status)) return Transient;
  if (HTTP_POLICY.has(status)) return Policy;
  return status === 507 || status === 508 ? Systemic : Permanent;
}

function invert(table: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, ErrorCategory> {
  return new Map(
    Object.entries(table).flatMap(([category, keys]) => keys.map((key) => [key, category as ErrorCategory] as const)),
  );
}
