import {
  type JournalLine,
  type JournalStore,
  type Lease,
  type RunErasure,
  type RunKey,
  RunLostError,
  type RunQuery,
  type RunSummary,
} from './journal-store.js';

interface KeptRun {
  summary: RunSummary;
  lease: Lease | null;
  readonly bodies: string[];
}

/** Keeps journals in memory, for tests and for what is looked at in the same process. Gone with it. */
export class MemoryJournalStore implements JournalStore {
  readonly groupsRuns = true;
  readonly #runs = new Map<string, KeptRun>();

  async append(lines: readonly JournalLine[]): Promise<void> {
    const next = new Map<string, number>();
    for (const { key, sequence, owner, opens } of lines) {
      const id = idOf(key);
      const run = this.#runs.get(id);
      const expected = next.get(id) ?? run?.bodies.length ?? (opens === undefined ? -1 : 0);
      if (sequence !== expected || (run !== undefined && run.lease?.owner !== owner))
        throw new RunLostError(key, sequence);
      next.set(id, sequence + 1);
    }
    for (const line of lines) this.#add(line);
  }

  #add({ key, owner, body, opens, ends }: JournalLine): void {
    if (opens !== undefined) {
      const { until, ...about } = opens;
      const summary: RunSummary = { ...key, ...about, endedAt: null, status: 'open' };
      this.#runs.set(idOf(key), { summary, lease: { owner, until }, bodies: [] });
    }
    const run = this.#runs.get(idOf(key));
    if (run === undefined) return;
    run.bodies.push(body);
    if (ends !== undefined) {
      run.summary = { ...run.summary, status: ends.status, endedAt: ends.at };
      run.lease = null;
    }
  }

  async read(key: RunKey): Promise<readonly string[] | null> {
    const run = this.#runs.get(idOf(key));
    return run === undefined ? null : [...run.bodies];
  }

  async list({ tenant, pipeline, status, limit = 100 }: RunQuery): Promise<readonly RunSummary[]> {
    return [...this.#runs.values()]
      .map(({ summary }) => summary)
      .filter((run) => tenant === undefined || run.tenant === tenant)
      .filter((run) => pipeline === undefined || run.pipeline === pipeline)
      .filter((run) => status === undefined || run.status === status)
      .sort((a, b) => b.startedAt - a.startedAt)
      .slice(0, limit);
  }

  async claim(key: RunKey, lease: Lease, now: number, isDead: (owner: string) => boolean): Promise<boolean> {
    const run = this.#runs.get(idOf(key));
    if (run === undefined || run.summary.status !== 'open') return false;
    if (run.lease !== null && run.lease.until > now && !isDead(run.lease.owner)) return false;
    run.lease = lease;
    return true;
  }

  async renew(keys: readonly RunKey[], lease: Lease): Promise<readonly RunKey[]> {
    const lost: RunKey[] = [];
    for (const key of keys) {
      const run = this.#runs.get(idOf(key));
      if (run?.lease?.owner === lease.owner) run.lease = lease;
      else lost.push(key);
    }
    return lost;
  }

  async release(key: RunKey, owner: string): Promise<void> {
    const run = this.#runs.get(idOf(key));
    if (run?.lease?.owner === owner) run.lease = null;
  }

  async erase(what: RunErasure): Promise<number> {
    const gone = [...this.#runs].filter(([, { summary }]) => isMeant(summary, what));
    for (const [id] of gone) this.#runs.delete(id);
    return gone.length;
  }
}

/** Whether an erasure is about a run. */
export function isMeant(run: RunSummary, what: RunErasure): boolean {
  if ('endedBefore' in what) return run.endedAt !== null && run.endedAt < what.endedBefore;
  if (run.tenant !== what.tenant) return false;
  return (
    (what.userId === undefined || run.userId === what.userId) && (what.runId === undefined || run.runId === what.runId)
  );
}

function idOf({ tenant, runId }: RunKey): string {
  return JSON.stringify([tenant, runId]);
}
