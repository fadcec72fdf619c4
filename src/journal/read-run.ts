import type { ArtifactStore } from '../artifacts/index.js';
import { JOURNAL_VERSION, type JournalEntry } from './journal-entry.js';
import { journalCorrupt, runMissing } from './journal-errors.js';
import type { RunKey } from './journal-store.js';
import { readApart } from './read-apart.js';
import { type Seal, sealedFor } from './seal.js';
import { StoredRun } from './stored-run.js';

/** @param bodies what the store has; null for nothing. @throws JOURNAL_RUN_MISSING, JOURNAL_CORRUPT */
export async function readRun(
  key: RunKey,
  bodies: readonly string[] | null,
  seal: Seal | null,
  artifacts: ArtifactStore | null,
): Promise<StoredRun> {
  if (bodies === null || bodies.length === 0) throw runMissing(key);
  const entries = bodies.map((body, line) => readEntry(key, body, line, seal));
  const [first] = entries;
  if (first?.type !== 'run.started') throw journalCorrupt(key, 'it does not begin with the start of the run');
  if (first.version !== JOURNAL_VERSION) {
    throw journalCorrupt(key, `it has version ${String(first.version)}, and this release reads ${JOURNAL_VERSION}`);
  }
  return new StoredRun(key, first, await readApart(entries, artifacts, key.tenant));
}

/** Lines that are not sealed are read as they are, so that a seal can be introduced. */
function readEntry(key: RunKey, body: string, line: number, seal: Seal | null): JournalEntry {
  try {
    const isSealed = !body.startsWith('{');
    if (isSealed && seal === null) throw new TypeError('It is sealed, and no seal was given.');
    const text = isSealed ? (seal as Seal).open(body, sealedFor(key)) : body;
    return JSON.parse(text) as JournalEntry;
  } catch (error) {
    throw journalCorrupt(key, `line ${line} cannot be read`, error);
  }
}
