import { encodePayload, type Json } from '../payload/index.js';

/** SHA-256 of a text, in hex. */
export function fingerprint(text: string): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex');
}

/** The same text for the same data, in whatever order its fields were written. @throws PAYLOAD_NOT_ENCODABLE */
export function canonicalText(value: unknown, root: string): string {
  return JSON.stringify(encodePayload(value, root), (_, inner: Json) => (isRecord(inner) ? sorted(inner) : inner));
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(record: { readonly [key: string]: Json }): Json {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
