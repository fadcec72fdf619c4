import type { RequestHeaders } from '../../events/index.js';

const NAMES: ReadonlySet<string> = new Set(['traceparent', 'tracestate', 'baggage']);

/** Of the headers of a request those that name its trace; tokens and cookies are none of a sink's business. */
export function traceHeaders(headers: RequestHeaders = {}): RequestHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => NAMES.has(name.toLowerCase())));
}
