/* What of a value may be stored, and how. */
import { encodePayload, type Json } from '../payload/index.js';
import type { Omission } from './journal-entry.js';
import { plainCopy } from './plain-copy.js';

/** What knows the secrets of a run. */
export interface SecretFinder {
  /** The value itself if there is none in it. */
  value(value: unknown): unknown;
}

export type Stored = { readonly json: Json } | { readonly omitted: Omission };

/** @param secrets null if secrets are stored as well: they are sealed, or nobody minds */
export function stored(value: unknown, secrets: SecretFinder | null): Stored {
  if (secrets !== null && secrets.value(value) !== value) return { omitted: 'secret' };
  try {
    return { json: encodePayload(value) };
  } catch {
    return storedPlain(value);
  }
}

/** Instances of data classes are stored as what they hold. */
function storedPlain(value: unknown): Stored {
  try {
    return { json: encodePayload(plainCopy(value)) };
  } catch {
    return { omitted: 'not encodable' };
  }
}
