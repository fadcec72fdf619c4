import { ArtifactEncoding, type ArtifactRef, type ArtifactStore } from '../artifacts/index.js';
import { encodePayload, type Json } from '../payload/index.js';
import type { JournalEntry, StageSettled } from './journal-entry.js';

/** The entries with what is kept as artifacts back in its place. Without a store, or where it is gone, it counts as omitted. */
export function readApart(
  entries: readonly JournalEntry[],
  store: ArtifactStore | null,
  tenant: string | null,
): Promise<JournalEntry[]> {
  return Promise.all(
    entries.map((entry) =>
      entry.type === 'stage.settled' && entry.apart !== undefined && entry.omitted === undefined
        ? withParts(entry, entry.apart, store, tenant)
        : entry,
    ),
  );
}

async function withParts(
  entry: StageSettled,
  apart: NonNullable<StageSettled['apart']>,
  store: ArtifactStore | null,
  tenant: string | null,
): Promise<StageSettled> {
  if (store === null) return { ...entry, omitted: 'artifact' };
  try {
    let data = (entry.data ?? {}) as { readonly [name: string]: Json };
    for (const [field, ref] of apart) {
      const part = partOf(ref, await store.forTenant(tenant).get(ref));
      data = field === null ? (part as typeof data) : { ...data, [field.startsWith('$') ? `$${field}` : field]: part };
    }
    return { ...entry, data };
  } catch {
    return { ...entry, omitted: 'artifact' };
  }
}

function partOf({ encoding }: ArtifactRef, content: Uint8Array): Json {
  if (encoding === ArtifactEncoding.Bytes) return encodePayload(content);
  const text = new TextDecoder().decode(content);
  return encoding === ArtifactEncoding.Json ? (JSON.parse(text) as Json) : text;
}
