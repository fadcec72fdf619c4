import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { AuthError } from '../auth-error.js';
import { AuthFailureReason } from '../auth-failure.js';
import { isRecord } from '../frozen-claims.js';
import { faultOfThrown } from '../verifier-fault.js';
import { fetchBounded } from './fetch-bounded.js';
import type { OptionProblems } from './option-problems.js';

const DEFAULTS = { cacheMaxAgeMs: 600_000, cooldownMs: 30_000, timeoutMs: 5_000, retryAfterMs: 1_000 } as const;
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** These say something of the token; whatever else goes wrong while a key is looked up says something of the keys. */
const ABOUT_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/** Looks keys up in a set that is fetched. `undefined` if a problem was found. */
export function readRemoteKeys(
  keys: Readonly<Record<string, unknown>>,
  problems: OptionProblems,
): JWTVerifyGetKey | undefined {
  const url = readUrl(keys.jwksUrl, problems);
  const cacheMaxAgeMs = readDuration(keys, 'cacheMaxAgeMs', problems);
  const cooldownMs = readDuration(keys, 'cooldownMs', problems);
  const timeoutMs = readDuration(keys, 'timeoutMs', problems);
  const retryAfterMs = readDuration(keys, 'retryAfterMs', problems);
  const headers = readHeaders(keys.headers, problems);
  if (url === undefined || headers === undefined) return undefined;
  const remote = createRemoteJWKSet(url, {
    cacheMaxAge: cacheMaxAgeMs,
    cooldownDuration: cooldownMs,
    timeoutDuration: timeoutMs,
    headers,
    [customFetch]: fetchBounded,
  });
  let last: { readonly refusal: AuthError; readonly untilMs: number } | null = null;
  return async (header, token) => {
    // An issuer that is down is neither waited for by every caller, nor asked for every token.
    if (last !== null && !remote.fresh && Date.now() < last.untilMs) throw last.refusal;
    try {
      return await remote(header, token);
    } catch (error) {
      if (ABOUT_TOKEN.some((type) => error instanceof type)) throw error;
      const refusal = new AuthError(AuthFailureReason.KeysUnavailable, { fault: faultOfThrown(undefined, error) });
      last = { refusal, untilMs: Date.now() + retryAfterMs };
      throw refusal;
    }
  };
}

function readUrl(given: unknown, problems: OptionProblems): URL | undefined {
  const text = given instanceof URL ? given.href : given;
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (url === undefined || !isSafe) {
    problems.add('keys.jwksUrl', 'is no https address', 'Keys fetched without TLS can be anyone’s: give an https URL.');
    return undefined;
  }
  if (url.username !== '' || url.password !== '') {
    problems.add('keys.jwksUrl', 'holds credentials', 'Pass them in keys.headers.');
    return undefined;
  }
  return url;
}

function readDuration(
  keys: Readonly<Record<string, unknown>>,
  name: keyof typeof DEFAULTS,
  problems: OptionProblems,
): number {
  const value = keys[name] ?? DEFAULTS[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  problems.add(`keys.${name}`, 'is no whole number of milliseconds of at least 0', 'Give a duration in milliseconds.');
  return DEFAULTS[name];
}

function readHeaders(headers: unknown, problems: OptionProblems): Record<string, string> | undefined {
  if (headers === undefined) return {};
  const entries = isRecord(headers) ? Object.entries(headers) : undefined;
  if (entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    return Object.fromEntries(entries);
  }
  problems.add('keys.headers', 'is no record of texts', 'Give { name: value }.');
  return undefined;
}
