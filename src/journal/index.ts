export { type FileJournalOptions, FileJournalStore } from './file-journal-store.js';
export { type Difference, firstDifference } from './first-difference.js';
export { fixtureOf, type RunFixture } from './fixture.js';
export { type ForkOptions, fork } from './fork.js';
export { inputsOf, type StageInputsThen } from './inputs-of.js';
export { Journal, type JournalOptions } from './journal.js';
export type { JournalEntry, StageSettled } from './journal-entry.js';
export {
  type JournalLine,
  type JournalStore,
  type Lease,
  type RunErasure,
  type RunKey,
  RunLostError,
  type RunQuery,
  type RunStatus,
  type RunSummary,
} from './journal-store.js';
export { MemoryJournalStore } from './memory-journal-store.js';
export type { PlanMigration } from './plan-changes.js';
export { recordCalls, recorded } from './recorded-provider.js';
export { type Divergence, type ReplayOptions, type ReplayReport, replay } from './replay.js';
export { type Resumable, type ResumeOptions, resume } from './resume.js';
export type { InFlightChoice } from './run-history.js';
export { aesSeal, type Seal } from './seal.js';
export { SqlJournalStore } from './sql-journal-store.js';
export { StoredRun } from './stored-run.js';
