import { type SqlDatabase, SqlTables, type SqlValue } from '../sql/index.js';
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
import { insertLines } from './sql-lines.js';

// A key column cannot be null; no tenant is named like this, since the ids of tenants hold no control characters.
const NO_TENANT = '\u0001';

const TABLES = [
  `CREATE TABLE IF NOT EXISTS stageflow_runs (
    tenant TEXT NOT NULL, run TEXT NOT NULL, pipeline TEXT NOT NULL, user_id TEXT, status TEXT NOT NULL,
    started_at BIGINT NOT NULL, ended_at BIGINT, owner TEXT, lease_until BIGINT, PRIMARY KEY (tenant, run))`,
  'CREATE INDEX IF NOT EXISTS stageflow_runs_status ON stageflow_runs (status, started_at)',
  `CREATE TABLE IF NOT EXISTS stageflow_journal (
    tenant TEXT NOT NULL, run TEXT NOT NULL, line INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (tenant, run, line),
    FOREIGN KEY (tenant, run) REFERENCES stageflow_runs (tenant, run) ON DELETE CASCADE)`,
];

interface RunRow {
  readonly tenant: string;
  readonly run: string;
  readonly pipeline: string;
  readonly user_id: string | null;
  readonly status: RunSummary['status'];
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly owner: string | null;
  readonly lease_until: number | null;
}

/**
 * Keeps journals in a database: a SQLite file (`openSqlite`) for one machine, PostgreSQL (`openPostgres`) for several. Makes
 * its two tables, `stageflow_runs` and `stageflow_journal`, when first used.
 */
export class SqlJournalStore implements JournalStore {
  readonly groupsRuns = true;
  readonly #database: SqlDatabase;
  readonly #tables: SqlTables;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#tables = new SqlTables(database, TABLES);
  }

  async append(lines: readonly JournalLine[]): Promise<void> {
    await this.#tables.ready();
    await this.#database.transaction(async (tx) => {
      const known = new Set<RunKey>();
      for (const line of lines) {
        if (known.has(line.key)) continue;
        known.add(line.key);
        if (line.opens === undefined) await requireOwner(tx, line);
        else await openRun(tx, line, line.opens);
      }
      await insertLines(
        tx,
        lines.map(({ key, sequence, body }) => [tenantOf(key), key.runId, sequence, body]),
      );
      for (const { key, ends } of lines) if (ends !== undefined) await endRun(tx, key, ends);
    });
  }

  async read(key: RunKey): Promise<readonly string[] | null> {
    await this.#tables.ready();
    const rows = await this.#database.all<{ body: string }>(
      'SELECT body FROM stageflow_journal WHERE tenant = ? AND run = ? ORDER BY line',
      idOf(key),
    );
    return rows.length === 0 ? null : rows.map(({ body }) => body);
  }

  async list({ tenant, pipeline, status, limit = 100 }: RunQuery): Promise<readonly RunSummary[]> {
    await this.#tables.ready();
    const wanted: [string, SqlValue][] = [];
    if (tenant !== undefined) wanted.push(['tenant = ?', tenant ?? NO_TENANT]);
    if (pipeline !== undefined) wanted.push(['pipeline = ?', pipeline]);
    if (status !== undefined) wanted.push(['status = ?', status]);
    const where = wanted.length === 0 ? '' : `WHERE ${wanted.map(([condition]) => condition).join(' AND ')}`;
    const rows = await this.#database.all<RunRow>(
      `SELECT * FROM stageflow_runs ${where} ORDER BY started_at DESC, run DESC LIMIT ?`,
      [...wanted.map(([, value]) => value), limit],
    );
    return rows.map(summaryOf);
  }

  async claim(key: RunKey, lease: Lease, now: number, isDead: (owner: string) => boolean): Promise<boolean> {
    await this.#tables.ready();
    const [row] = await this.#database.all<RunRow>(
      'SELECT * FROM stageflow_runs WHERE tenant = ? AND run = ?',
      idOf(key),
    );
    if (row === undefined || row.status !== 'open') return false;
    if (row.owner !== null && Number(row.lease_until) > now && !isDead(row.owner)) return false;
    // Whoever was there in the meantime has left another owner, or another time.
    const { changes } = await this.#database.run(
      `UPDATE stageflow_runs SET owner = ?, lease_until = ? WHERE tenant = ? AND run = ? AND status = 'open'
       AND COALESCE(owner, '') = ? AND COALESCE(lease_until, 0) = ?`,
      [lease.owner, lease.until, ...idOf(key), row.owner ?? '', row.lease_until ?? 0],
    );
    return changes === 1;
  }

  async renew(keys: readonly RunKey[], lease: Lease): Promise<readonly RunKey[]> {
    const lost: RunKey[] = [];
    for (const key of keys) {
      const { changes } = await this.#database.run(
        'UPDATE stageflow_runs SET lease_until = ? WHERE tenant = ? AND run = ? AND owner = ?',
        [lease.until, ...idOf(key), lease.owner],
      );
      if (changes === 0) lost.push(key);
    }
    return lost;
  }

  async release(key: RunKey, owner: string): Promise<void> {
    await this.#database.run(
      'UPDATE stageflow_runs SET owner = NULL, lease_until = NULL WHERE tenant = ? AND run = ? AND owner = ?',
      [...idOf(key), owner],
    );
  }

  async erase(what: RunErasure): Promise<number> {
    await this.#tables.ready();
    const [where, params] = erasure(what);
    return (await this.#database.run(`DELETE FROM stageflow_runs WHERE ${where}`, params)).changes;
  }
}

/** Nobody takes it over until the transaction ends. */
async function requireOwner(tx: SqlDatabase, { key, sequence, owner }: JournalLine): Promise<void> {
  const lock = tx.dialect === 'postgres' ? ' FOR UPDATE' : '';
  const sql = `SELECT owner FROM stageflow_runs WHERE tenant = ? AND run = ?${lock}`;
  const [row] = await tx.all<Pick<RunRow, 'owner'>>(sql, idOf(key));
  if (row?.owner !== owner) throw new RunLostError(key, sequence);
}

async function openRun(
  tx: SqlDatabase,
  { key, owner }: JournalLine,
  opens: NonNullable<JournalLine['opens']>,
): Promise<void> {
  const { pipeline, userId, startedAt, until } = opens;
  await tx.run(
    `INSERT INTO stageflow_runs (tenant, run, pipeline, user_id, status, started_at, owner, lease_until)
     VALUES (?, ?, ?, ?, 'open', ?, ?, ?)`,
    [...idOf(key), pipeline, userId, startedAt, owner, until],
  );
}

async function endRun(tx: SqlDatabase, key: RunKey, { status, at }: NonNullable<JournalLine['ends']>): Promise<void> {
  await tx.run(
    'UPDATE stageflow_runs SET status = ?, ended_at = ?, owner = NULL, lease_until = NULL WHERE tenant = ? AND run = ?',
    [status, at, ...idOf(key)],
  );
}

function erasure(what: RunErasure): [string, SqlValue[]] {
  if ('endedBefore' in what) return ['ended_at < ?', [what.endedBefore]];
  const params: SqlValue[] = [what.tenant ?? NO_TENANT];
  let where = 'tenant = ?';
  if (what.userId !== undefined) {
    where += ' AND user_id = ?';
    params.push(what.userId);
  }
  if (what.runId !== undefined) {
    where += ' AND run = ?';
    params.push(what.runId);
  }
  return [where, params];
}

function tenantOf({ tenant }: RunKey): string {
  return tenant ?? NO_TENANT;
}

function idOf(key: RunKey): [string, string] {
  return [tenantOf(key), key.runId];
}

function summaryOf({ tenant, run, pipeline, user_id, status, started_at, ended_at }: RunRow): RunSummary {
  return {
    tenant: tenant === NO_TENANT ? null : tenant,
    runId: run,
    pipeline,
    userId: user_id,
    status,
    startedAt: Number(started_at),
    endedAt: ended_at === null ? null : Number(ended_at),
  };
}
