import type { CompiledStage, RecordedRun } from '../run/index.js';
import type { LineOwner } from './group-writer.js';
import type { JournalEntry } from './journal-entry.js';
import type { JournalLine, Lease, RunKey } from './journal-store.js';
import type { LeasedRun } from './lease-keeper.js';
import type { SecretFinder } from './stored-data.js';

/** What those who write single runs need of the journal. */
export interface WriterHost {
  /** Who writes in this process. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  now(): number;
  lease(): Lease;
  bodyOf(entry: JournalEntry, key: RunKey): string;
  add(line: JournalLine, run: LineOwner): void;
  /** @returns when everything is kept; never rejects */
  flush(): Promise<void>;
  /** What finds secrets that must not be stored; null if they may be. @param stage null for the run itself */
  secretsOf(run: RecordedRun, stage: CompiledStage | null): SecretFinder | null;
  /** The run is cut short by the end of the process, and is to be resumed. */
  isInterrupting(run: RecordedRun): boolean;
  opened(run: LeasedRun): void;
  /** @returns when everything of it is kept, or cannot be; never rejects */
  leave(run: LeasedRun, hasEnded: boolean): Promise<void>;
  /** A run that was claimed is not gone on with after all; never rejects. */
  giveBack(key: RunKey): Promise<void>;
  report(error: Error): void;
}

/** Where what a run calls is written. */
export interface CallWriter {
  /** What finds secrets that must not be stored; null if they may be. */
  readonly secrets: SecretFinder | null;
  now(): number;
  write(entry: JournalEntry): void;
  /** @throws JOURNAL_FAILED, by rejecting, if what was written until now is not kept */
  kept(): Promise<void>;
}
