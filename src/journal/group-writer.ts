/*
 * Writes the lines of all runs of a process, those of one turn of the event loop together.
 *
 * Invariants
 *  1. Lines reach the store in the order they were added; one call of the store at a time.
 *  2. A run whose lines cannot be kept is told, and no others: they are written without it.
 *  3. Nothing waits longer than to the end of the turn, and until what is being written is written.
 */
import type { JournalLine, JournalStore } from './journal-store.js';

/** A run that lines belong to. */
export interface LineOwner {
  /** Its lines cannot be kept; none of it follow. */
  failed(error: unknown): void;
}

interface Pending {
  readonly line: JournalLine;
  readonly run: LineOwner;
}

export class GroupWriter {
  readonly #store: JournalStore;
  #pending: Pending[] = [];
  #tail: Promise<void> = Promise.resolve();
  /** The group that takes what is pending, as long as it has not. */
  #next: Promise<void> | null = null;
  #isScheduled = false;

  constructor(store: JournalStore) {
    this.#store = store;
  }

  add(line: JournalLine, run: LineOwner): void {
    this.#pending.push({ line, run });
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }

  /** @returns when everything that was added is kept, or its run was told that it is not; never rejects */
  flush(): Promise<void> {
    if (this.#pending.length === 0) return this.#tail;
    if (this.#next === null) {
      this.#next = this.#tail.then(() => this.#write());
      this.#tail = this.#next;
    }
    return this.#next;
  }

  async #write(): Promise<void> {
    this.#next = null;
    const group = this.#pending;
    this.#pending = [];
    if (this.#store.groupsRuns && (await this.#isKept(group))) return;
    for (const [run, lines] of byRun(group)) await this.#store.append(lines).catch((error) => run.failed(error));
  }

  async #isKept(group: readonly Pending[]): Promise<boolean> {
    try {
      await this.#store.append(group.map(({ line }) => line));
      return true;
    } catch {
      return false;
    }
  }
}

function byRun(group: readonly Pending[]): Map<LineOwner, JournalLine[]> {
  const runs = new Map<LineOwner, JournalLine[]>();
  for (const { run, line } of group) {
    const lines = runs.get(run);
    if (lines === undefined) runs.set(run, [line]);
    else lines.push(line);
  }
  return runs;
}
