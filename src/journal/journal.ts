import type { ArtifactStore } from '../artifacts/index.js';
import { type Clock, systemClock } from '../clock/index.js';
import { AppClosing, StageflowError } from '../errors/index.js';
import type { CompiledStage, RecordedRun, RunJournal, RunRecorder } from '../run/index.js';
import { GroupWriter } from './group-writer.js';
import type { JournalEntry } from './journal-entry.js';
import type { JournalLine, JournalStore, RunErasure, RunKey, RunQuery, RunSummary } from './journal-store.js';
import { LeaseKeeper } from './lease-keeper.js';
import { isDeadOwner, processOwner } from './process-owner.js';
import { readRun } from './read-run.js';
import type { RunHistory } from './run-history.js';
import { RunWriter } from './run-writer.js';
import { type Seal, sealedFor } from './seal.js';
import type { SecretFinder } from './stored-data.js';
import type { StoredRun } from './stored-run.js';
import type { WriterHost } from './writer-host.js';

export interface JournalOptions {
  readonly store: JournalStore;
  /**
   * Encrypts everything that is stored of a run: its input, its outputs, its errors. Default: none, and then what holds a
   * secret is left out; see `secrets`.
   */
  readonly seal?: Seal;
  /**
   * What happens to inputs and outputs in which the masking rules find a secret, if nothing seals them. `omit` (the default)
   * leaves them out: the run can be looked at, and resumed as far as it does not need them. `store` keeps them as they are.
   */
  readonly secrets?: 'omit' | 'store';
  /**
   * The store of artifacts of the application. Large outputs that are kept there are only referred to, and read back from it.
   * Without it they count as left out.
   */
  readonly artifacts?: ArtifactStore;
  /** How long a run belongs to its process without a sign of life, in ms; a sign is given at a third of it. Default 30,000. */
  readonly leaseMs?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Told of every run whose journal cannot be written any more. Default: a warning of the process. */
  readonly onError?: (error: Error) => void;
}

/**
 * Writes runs down, so that they can be looked at, replayed, forked and resumed: the option `journal` of an application or of
 * `build()`. What it writes follows from `docs/advanced/replay-and-resume.md`.
 */
export class Journal implements RunJournal {
  readonly #store: JournalStore;
  readonly #options: JournalOptions;
  readonly #clock: Clock;
  readonly #owner = processOwner();
  readonly #leases: LeaseKeeper;
  readonly #host: WriterHost;

  /** @throws JOURNAL_OPTION_INVALID */
  constructor(options: JournalOptions) {
    const { store, clock = systemClock, leaseMs = 30_000 } = options;
    if (!(leaseMs > 0 && Number.isFinite(leaseMs))) throw badLease(leaseMs);
    this.#store = store;
    this.#options = options;
    this.#clock = clock;
    this.#leases = new LeaseKeeper(store, clock, this.#owner, leaseMs);
    this.#host = this.#hostOf(new GroupWriter(store));
  }

  /** For the engine. */
  open(runId: string): RunRecorder {
    return new RunWriter(this.#host, runId, null);
  }

  /** For what goes on with a run. The caller has claimed it. */
  continue(runId: string, history: RunHistory): RunRecorder {
    return new RunWriter(this.#host, runId, history);
  }

  /** @throws JOURNAL_RUN_MISSING, also for a run of another tenant; JOURNAL_CORRUPT */
  async read(key: RunKey): Promise<StoredRun> {
    await this.#host.flush();
    const { seal = null, artifacts = null } = this.#options;
    return readRun(key, await this.#store.read(key), seal, artifacts);
  }

  /** Runs, the latest first. Without `tenant` those of all tenants: for operators. */
  async list(query: RunQuery = {}): Promise<readonly RunSummary[]> {
    await this.#host.flush();
    return this.#store.list(query);
  }

  /** Takes over a run that was interrupted. @returns false if it has ended, or somebody writes it */
  async claim(key: RunKey): Promise<boolean> {
    await this.#host.flush();
    const now = this.#host.now();
    return this.#store.claim(key, this.#leases.lease(), now, (owner) => isDeadOwner(owner, this.#owner));
  }

  /** Gives back what was claimed. */
  release(key: RunKey): Promise<void> {
    return this.#store.release(key, this.#owner);
  }

  /** Forgets the runs of a tenant, of one of its users, or one run: for good, whether they have ended or not. @returns how many */
  async erase(what: Extract<RunErasure, { readonly tenant: unknown }>): Promise<number> {
    await this.#host.flush();
    return this.#store.erase(what);
  }

  /** Forgets runs that ended longer ago. Runs that have not ended stay. @returns how many */
  async purge({ olderThanMs }: { readonly olderThanMs: number }): Promise<number> {
    await this.#host.flush();
    return this.#store.erase({ endedBefore: this.#host.now() - olderThanMs });
  }

  /** Waits until everything is kept. */
  flush(): Promise<void> {
    return this.#host.flush();
  }

  #hostOf(lines: GroupWriter): WriterHost {
    const { seal } = this.#options;
    const leases = this.#leases;
    return {
      owner: this.#owner,
      now: () => Math.round(this.#clock.toEpochMs(this.#clock.now())),
      lease: () => leases.lease(),
      bodyOf: (entry: JournalEntry, key) =>
        seal === undefined ? JSON.stringify(entry) : seal.seal(JSON.stringify(entry), sealedFor(key)),
      add: (line: JournalLine, run) => lines.add(line, run),
      flush: () => lines.flush(),
      secretsOf: (run, stage) => this.#secretsOf(run, stage),
      isInterrupting: ({ scope }) => scope.cancelled && scope.reason instanceof AppClosing,
      opened: (run) => leases.add(run),
      leave: async (run, hasEnded) => {
        await lines.flush();
        await leases.remove(run, !hasEnded);
      },
      giveBack: (key) => this.release(key).catch(() => {}), // then its lease runs out
      report: (error) => this.#report(error),
    };
  }

  #secretsOf(run: RecordedRun, stage: CompiledStage | null): SecretFinder | null {
    const { seal, secrets = 'omit' } = this.#options;
    return seal !== undefined || secrets === 'store' ? null : run.maskerFor(stage);
  }

  #report(error: Error): void {
    const { onError = (problem: Error) => process.emitWarning(problem) } = this.#options;
    try {
      onError(error);
    } catch {
      // Whoever is told must not stop the runs.
    }
  }
}

function badLease(leaseMs: number): StageflowError {
  return new StageflowError({
    code: 'JOURNAL_OPTION_INVALID',
    message: `leaseMs is ${String(leaseMs)}.`,
    fix: 'Give a number of milliseconds, more than 0.',
    details: { leaseMs },
  });
}
