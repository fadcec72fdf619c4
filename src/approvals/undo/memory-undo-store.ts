import { type UndoEntry, UndoState } from './undo-entry.js';
import type { ExpectedEntry, UndoStore } from './undo-store.js';

/** Keeps what can be undone in this process: for tests, and for undo that may end with it. */
export class MemoryUndoStore implements UndoStore {
  /** In the order in which calls were made. */
  readonly #entries = new Map<string, string>();

  get size(): number {
    return this.#entries.size;
  }

  async add(entry: UndoEntry): Promise<void> {
    this.#entries.set(entry.id, JSON.stringify(entry));
  }

  async replace(entry: UndoEntry, { state, claimId }: ExpectedEntry): Promise<boolean> {
    const known = this.#read(entry.id);
    if (known === null || known.state !== state || (known.claim?.id ?? null) !== claimId) return false;
    this.#entries.set(entry.id, JSON.stringify(entry));
    return true;
  }

  async remove(id: string): Promise<void> {
    if (this.#read(id)?.state === UndoState.Open) this.#entries.delete(id);
  }

  async ofCall(tenant: string | null, callId: string, runId?: string): Promise<readonly UndoEntry[]> {
    return this.#find(
      (entry) => entry.tenant === tenant && entry.callId === callId && (runId === undefined || entry.runId === runId),
    );
  }

  async ofRun(tenant: string | null, runId: string): Promise<readonly UndoEntry[]> {
    return this.#find((entry) => entry.tenant === tenant && entry.runId === runId);
  }

  async purge(before: number): Promise<number> {
    const old = this.#find(({ expiresAt }) => expiresAt < before);
    for (const { id } of old) this.#entries.delete(id);
    return old.length;
  }

  #read(id: string): UndoEntry | null {
    const text = this.#entries.get(id);
    return text === undefined ? null : JSON.parse(text);
  }

  #find(wanted: (entry: UndoEntry) => boolean): UndoEntry[] {
    const all = [...this.#entries.values()].map((text) => JSON.parse(text) as UndoEntry);
    return all.filter(wanted).reverse();
  }
}
