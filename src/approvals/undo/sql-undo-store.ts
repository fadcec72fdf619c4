import { type SqlDatabase, SqlTables, type SqlValue } from '../../sql/index.js';
import { type UndoEntry, UndoState } from './undo-entry.js';
import type { ExpectedEntry, UndoStore } from './undo-store.js';

function tables(dialect: SqlDatabase['dialect']): readonly string[] {
  const place =
    dialect === 'sqlite' ? 'INTEGER PRIMARY KEY AUTOINCREMENT' : 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY';
  return [
    `CREATE TABLE IF NOT EXISTS stageflow_undo (
      place ${place},
      id TEXT NOT NULL UNIQUE,
      tenant TEXT NOT NULL,
      run_id TEXT NOT NULL,
      call_id TEXT NOT NULL,
      state TEXT NOT NULL,
      claim_id TEXT NOT NULL,
      expires_at BIGINT NOT NULL,
      body TEXT NOT NULL
    )`,
    'CREATE INDEX IF NOT EXISTS stageflow_undo_call ON stageflow_undo (tenant, call_id)',
    'CREATE INDEX IF NOT EXISTS stageflow_undo_run ON stageflow_undo (tenant, run_id)',
  ];
}

/** Keeps what can be undone in a database, so that it outlives the process. */
export class SqlUndoStore implements UndoStore {
  readonly #database: SqlDatabase;
  readonly #tables: SqlTables;

  /** Its table is made when it is first needed. */
  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#tables = new SqlTables(database, tables(database.dialect));
  }

  async add(entry: UndoEntry): Promise<void> {
    const { id, tenant, runId, callId, state, claim, expiresAt } = entry;
    await this.#run(
      `INSERT INTO stageflow_undo (id, tenant, run_id, call_id, state, claim_id, expires_at, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [id, tenant ?? '', runId, callId, state, claim?.id ?? '', expiresAt, JSON.stringify(entry)],
    );
  }

  async replace(entry: UndoEntry, expected: ExpectedEntry): Promise<boolean> {
    const changes = await this.#run(
      `UPDATE stageflow_undo SET state = ?, claim_id = ?, body = ? WHERE id = ? AND state = ? AND claim_id = ?`,
      [entry.state, entry.claim?.id ?? '', JSON.stringify(entry), entry.id, expected.state, expected.claimId ?? ''],
    );
    return changes === 1;
  }

  async remove(id: string): Promise<void> {
    await this.#run('DELETE FROM stageflow_undo WHERE id = ? AND state = ?', [id, UndoState.Open]);
  }

  ofCall(tenant: string | null, callId: string, runId?: string): Promise<readonly UndoEntry[]> {
    const where = 'tenant = ? AND call_id = ?';
    if (runId === undefined) return this.#select(where, [tenant ?? '', callId]);
    return this.#select(`${where} AND run_id = ?`, [tenant ?? '', callId, runId]);
  }

  ofRun(tenant: string | null, runId: string): Promise<readonly UndoEntry[]> {
    return this.#select('tenant = ? AND run_id = ?', [tenant ?? '', runId]);
  }

  purge(before: number): Promise<number> {
    return this.#run('DELETE FROM stageflow_undo WHERE expires_at < ?', [before]);
  }

  async #run(sql: string, params: readonly SqlValue[]): Promise<number> {
    await this.#tables.ready();
    return (await this.#database.run(sql, params)).changes;
  }

  async #select(where: string, params: readonly SqlValue[]): Promise<readonly UndoEntry[]> {
    await this.#tables.ready();
    const sql = `SELECT body FROM stageflow_undo WHERE ${where} ORDER BY place DESC`;
    const rows = await this.#database.all<{ readonly body: string }>(sql, params);
    return rows.map(({ body }) => JSON.parse(body));
  }
}
