import { readHeader } from './read-header.js';
import { readSafely } from './safe-read.js';

const SECONDS = /^\d+(?:\.\d+)?$/;
/** `Wed, 21 Oct 2026 07:28:00 GMT` and its two older spellings all begin with the day of the week. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

/** How long the other side asks to wait, in ms: by the error's own fields, or by the headers of the answer. */
export function retryAfterOf(error: unknown, nowMs: number): number | null {
  const own = durationMs(readSafely(error, 'retryAfterMs'), 1);
  if (own !== null) return own;
  const inSeconds = readSafely(error, 'retryAfter');
  return durationMs(inSeconds, 1_000) ?? parse(inSeconds, nowMs) ?? inHeaders(error, nowMs);
}

/** The headers of the answer that an error is about, wherever the client keeps them. */
export function headersOf(error: unknown): readonly unknown[] {
  const response = readSafely(error, 'response') ?? readSafely(error, '$response');
  return [readSafely(error, 'headers'), readSafely(response, 'headers')];
}

function inHeaders(error: unknown, nowMs: number): number | null {
  for (const headers of headersOf(error)) {
    const exact = Number(readHeader(headers, 'retry-after-ms') ?? Number.NaN);
    const asked = durationMs(exact, 1) ?? parse(readHeader(headers, 'retry-after'), nowMs);
    if (asked !== null) return asked;
  }
  return null;
}

function parse(value: unknown, nowMs: number): number | null {
  if (value instanceof Date) return until(value.getTime(), nowMs);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (SECONDS.test(text)) return durationMs(Number(text), 1_000);
  return HTTP_DATE.test(text) ? until(Date.parse(text), nowMs) : null;
}

function until(epochMs: number, nowMs: number): number | null {
  return Number.isFinite(epochMs) ? Math.max(0, epochMs - nowMs) : null;
}

function durationMs(value: unknown, unitMs: number): number | null {
  if (typeof value !== 'number' || !(value >= 0)) return null;
  const ms = value * unitMs;
  return Number.isFinite(ms) ? ms : null;
}
