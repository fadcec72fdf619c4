/** What a run is found by: never by its id alone. */
export interface RunKey {
  /** Null for runs without an organisation, which are a tenant of their own. */
  readonly tenant: string | null;
  readonly runId: string;
}

/** What is known of a run without reading it. */
export interface RunSummary extends RunKey {
  readonly pipeline: string;
  /** Whom it is for; null for nobody. */
  readonly userId: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Null as long as it has not ended. */
  readonly endedAt: number | null;
  /** `open`: it is under way, or was interrupted. */
  readonly status: RunStatus;
}

export type RunStatus = 'open' | 'completed' | 'failed' | 'cancelled';

/** Who writes a run, and how long that holds without a sign of life. */
export interface Lease {
  /** Names one process. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** One line of a journal. */
export interface JournalLine {
  readonly key: RunKey;
  /** Who writes it: the owner of the run. */
  readonly owner: string;
  /** From 0, without gaps. */
  readonly sequence: number;
  readonly body: string;
  /** On the first line of a run. */
  readonly opens?: Pick<Lease, 'until'> & Pick<RunSummary, 'pipeline' | 'userId' | 'startedAt'>;
  /** On its last. */
  readonly ends?: { readonly status: Exclude<RunStatus, 'open'>; readonly at: number };
}

export interface RunQuery {
  /** Absent: all tenants. */
  readonly tenant?: string | null;
  readonly pipeline?: string;
  readonly status?: RunStatus;
  /** The latest first, at most this many. Default 100. */
  readonly limit?: number;
}

/**
 * Where journals are kept. Every store passes `test/contract/journal-store.ts`.
 *
 * What every store keeps to
 *  - Once `append` resolves its lines survive the end of the process. If it rejects none of them is kept; if the process ends
 *    in it a beginning of them may be.
 *  - Lines of a run that somebody else has taken over, or that is not there any more, are refused, and so is a line that is
 *    there already.
 *  - What a killed writer left half-written is as if it had never been.
 *  - A tenant is part of every key: what is asked for one never finds what belongs to another.
 */
export interface JournalStore {
  /** Whether one `append` may hold lines of several runs. */
  readonly groupsRuns: boolean;
  append(lines: readonly JournalLine[]): Promise<void>;
  /** The lines of a run, in order; null if there is no such run. */
  read(key: RunKey): Promise<readonly string[] | null>;
  list(query: RunQuery): Promise<readonly RunSummary[]>;
  /**
   * Takes over an open run that nobody writes any more, or whose writer `isDead`. Of several who ask one gets it.
   * @returns whether the caller has it now
   */
  claim(key: RunKey, lease: Lease, now: number, isDead: (owner: string) => boolean): Promise<boolean>;
  /** Signs of life. @returns the runs that `owner` does not write any more */
  renew(keys: readonly RunKey[], lease: Lease): Promise<readonly RunKey[]>;
  /** The writer stops without having ended the run: the next may claim it at once. */
  release(key: RunKey, owner: string): Promise<void>;
  /** Forgets runs for good. @returns how many */
  erase(what: RunErasure): Promise<number>;
}

/** Which runs are forgotten: those of a tenant, of one of its users, one of them; or those that ended before some time. */
export type RunErasure =
  | { readonly tenant: string | null; readonly userId?: string; readonly runId?: string }
  | { readonly endedBefore: number };

/** A line does not follow on what is there: somebody else writes the run, or it was erased. */
export class RunLostError extends Error {
  constructor({ runId }: RunKey, sequence: number) {
    super(`Line ${sequence} of run "${runId}" does not follow on what its journal holds.`);
    this.name = 'RunLostError';
  }
}
