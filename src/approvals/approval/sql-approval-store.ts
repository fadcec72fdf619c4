import { type SqlDatabase, SqlTables, type SqlValue } from '../../sql/index.js';
import {
  type ApprovalDecision,
  type ApprovalRequest,
  ApprovalStatus,
  type FinalApprovalStatus,
} from './approval-request.js';
import type { ApprovalStore, PendingQuery } from './approval-store.js';

/** What changes stands in columns; what never does stands in `body`, as JSON. */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS stageflow_approvals (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    run_id TEXT NOT NULL,
    call_key TEXT NOT NULL,
    round INTEGER NOT NULL,
    requester TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    status TEXT NOT NULL,
    settled_at BIGINT,
    used_at BIGINT,
    used_by TEXT,
    decision TEXT,
    body TEXT NOT NULL,
    UNIQUE (tenant, run_id, call_key, round)
  )`,
  `CREATE INDEX IF NOT EXISTS stageflow_approvals_pending
    ON stageflow_approvals (tenant, status, requested_at, id)`,
];
const COLUMNS = 'status, decision, used_at, used_by, body';
/** SQLite takes no more than 999 placeholders everywhere. */
const MOST_IDS = 500;

interface Row {
  readonly status: ApprovalStatus;
  readonly decision: string | null;
  readonly used_at: number | string | null;
  readonly used_by: string | null;
  readonly body: string;
}

/** Keeps approval requests in a database, so that they outlive the process and can be decided in another one. */
export class SqlApprovalStore implements ApprovalStore {
  readonly shared = true;
  readonly #database: SqlDatabase;
  readonly #tables: SqlTables;

  /** Its table is made when it is first needed. */
  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#tables = new SqlTables(database, TABLES);
  }

  add(request: ApprovalRequest): Promise<boolean> {
    const {
      id,
      tenant,
      runId,
      callKey,
      round,
      requestedBy,
      requestedAt,
      expiresAt,
      status,
      decision,
      usedAt,
      usedBy,
      ...rest
    } = request;
    const body = { id, tenant, runId, callKey, round, requestedBy, requestedAt, expiresAt, ...rest };
    return this.#changes(
      `INSERT INTO stageflow_approvals
        (id, tenant, run_id, call_key, round, requester, requested_at, expires_at, status, used_at, used_by, decision, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      [
        ...[
          id,
          textOf(tenant),
          runId,
          callKey,
          round,
          textOf(requestedBy),
          requestedAt,
          expiresAt,
          status,
          usedAt,
          usedBy,
        ],
        ...[decision === null ? null : JSON.stringify(decision), JSON.stringify(body)],
      ],
    );
  }

  find(id: string): Promise<ApprovalRequest | null> {
    return this.#first('WHERE id = ?', [id]);
  }

  latest(tenant: string | null, runId: string, callKey: string): Promise<ApprovalRequest | null> {
    const where = 'WHERE tenant = ? AND run_id = ? AND call_key = ? ORDER BY round DESC LIMIT 1';
    return this.#first(where, [textOf(tenant), runId, callKey]);
  }

  settle(id: string, status: FinalApprovalStatus, decision: ApprovalDecision, openAt?: number): Promise<boolean> {
    const open = openAt === undefined ? '' : ' AND expires_at > ?';
    return this.#changes(
      `UPDATE stageflow_approvals SET status = ?, settled_at = ?, decision = ?
        WHERE id = ? AND status = 'pending'${open}`,
      [status, decision.at, JSON.stringify(decision), id, ...(openAt === undefined ? [] : [openAt])],
    );
  }

  use(id: string, at: number, by: string, insteadOf: string | null): Promise<boolean> {
    return this.#changes(
      `UPDATE stageflow_approvals SET used_at = ?, used_by = ?
        WHERE id = ? AND status = 'approved' AND expires_at > ? AND COALESCE(used_by, '') = ?`,
      [at, by, id, at, insteadOf ?? ''],
    );
  }

  async settled(ids: readonly string[]): Promise<readonly string[]> {
    const pending = new Set<string>();
    await this.#tables.ready();
    for (let start = 0; start < ids.length; start += MOST_IDS) {
      const some = ids.slice(start, start + MOST_IDS);
      const marks = some.map(() => '?').join(', ');
      const sql = `SELECT id FROM stageflow_approvals WHERE status = 'pending' AND id IN (${marks})`;
      for (const { id } of await this.#database.all<{ id: string }>(sql, some)) pending.add(id);
    }
    return ids.filter((id) => !pending.has(id));
  }

  pending({ tenant, requestedBy, after, limit }: PendingQuery): Promise<readonly ApprovalRequest[]> {
    const conditions = ["tenant = ? AND status = 'pending'"];
    const params: SqlValue[] = [textOf(tenant)];
    if (requestedBy !== undefined) {
      conditions.push('requester = ?');
      params.push(textOf(requestedBy));
    }
    if (after !== undefined) {
      conditions.push('(requested_at > ? OR (requested_at = ? AND id > ?))');
      params.push(after.requestedAt, after.requestedAt, after.id);
    }
    return this.#select(`WHERE ${conditions.join(' AND ')} ORDER BY requested_at, id LIMIT ?`, [...params, limit]);
  }

  async purge(before: number): Promise<number> {
    await this.#tables.ready();
    const sql = 'DELETE FROM stageflow_approvals WHERE COALESCE(settled_at, expires_at) < ?';
    return (await this.#database.run(sql, [before])).changes;
  }

  async #changes(sql: string, params: readonly SqlValue[]): Promise<boolean> {
    await this.#tables.ready();
    return (await this.#database.run(sql, params)).changes === 1;
  }

  async #first(where: string, params: readonly SqlValue[]): Promise<ApprovalRequest | null> {
    return (await this.#select(where, params))[0] ?? null;
  }

  async #select(where: string, params: readonly SqlValue[]): Promise<ApprovalRequest[]> {
    await this.#tables.ready();
    const sql = `SELECT ${COLUMNS} FROM stageflow_approvals ${where}`;
    return (await this.#database.all<Row>(sql, params)).map(requestOf);
  }
}

function requestOf({ status, decision, used_at, used_by, body }: Row): ApprovalRequest {
  const usedAt = used_at === null ? null : Number(used_at); // drivers of PostgreSQL give large integers as text
  return {
    ...JSON.parse(body),
    status,
    decision: decision === null ? null : JSON.parse(decision),
    usedAt,
    usedBy: used_by,
  };
}

/** No tenant and no principal are the empty text, which no identity can have: null would not be unique. */
function textOf(value: string | { readonly kind: string; readonly id: string } | null): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : `${value.kind}:${value.id}`;
}
