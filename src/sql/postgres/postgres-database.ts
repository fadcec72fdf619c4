import pg from 'pg';
import { inSavepoint } from '../savepoint.js';
import type { SqlDatabase, SqlValue } from '../sql-database.js';
import { alreadyClosed, statementFailed } from '../sql-errors.js';
import { NumberedStatements } from './number-placeholders.js';
import type { PostgresClient, PostgresPool, PostgresQuery, PostgresResult } from './postgres-pool.js';

/** The type of `bigint`, which `pg` gives as text by default. */
const INT8 = 20;
const types: PostgresQuery['types'] = {
  getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
};

type Send = (query: PostgresQuery) => Promise<PostgresResult>;

/** Statements, wherever they are sent to. */
abstract class PostgresStatements {
  readonly dialect = 'postgres';
  protected readonly numbered: NumberedStatements;
  protected isOver = false;
  readonly #send: Send;
  readonly #what: 'database' | 'transaction';

  constructor(send: Send, numbered: NumberedStatements, what: 'database' | 'transaction') {
    this.#send = send;
    this.numbered = numbered;
    this.#what = what;
  }

  async run(sql: string, params: readonly SqlValue[] = []): Promise<{ changes: number }> {
    return { changes: (await this.#query(sql, params)).rowCount ?? 0 };
  }

  async all<Row>(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    return (await this.#query(sql, params)).rows as Row[];
  }

  async #query(sql: string, params: readonly SqlValue[]): Promise<PostgresResult> {
    this.refuseIfOver();
    try {
      return await this.#send({ text: this.numbered.of(sql), values: [...params], types });
    } catch (error) {
      throw statementFailed(sql, error);
    }
  }

  protected refuseIfOver(): void {
    if (this.isOver) throw alreadyClosed(this.#what);
  }
}

export class PostgresDatabase extends PostgresStatements implements SqlDatabase {
  readonly #pool: PostgresPool;
  readonly #isOwn: boolean;

  /** @param isOwn whether `close` ends the pool */
  constructor(pool: PostgresPool, isOwn: boolean) {
    super((query) => pool.query(query), new NumberedStatements(), 'database');
    this.#pool = pool;
    this.#isOwn = isOwn;
  }

  async transaction<T>(call: (tx: SqlDatabase) => Promise<T>): Promise<T> {
    this.refuseIfOver();
    const client = await this.#connect();
    const tx = new PostgresTransaction(client, this.numbered, 0);
    let broken = false;
    try {
      await tx.run('BEGIN');
      const result = await call(tx);
      await tx.run('COMMIT');
      return result;
    } catch (error) {
      await tx.run('ROLLBACK').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      await tx.close();
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    if (this.#isOwn) await this.#pool.end();
  }

  async #connect(): Promise<PostgresClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw statementFailed('CONNECT', error);
    }
  }
}

class PostgresTransaction extends PostgresStatements implements SqlDatabase {
  readonly #client: PostgresClient;
  readonly #depth: number;

  constructor(client: PostgresClient, numbered: NumberedStatements, depth: number) {
    super((query) => client.query(query), numbered, 'transaction');
    this.#client = client;
    this.#depth = depth;
  }

  async transaction<T>(call: (tx: SqlDatabase) => Promise<T>): Promise<T> {
    this.refuseIfOver();
    const inner = new PostgresTransaction(this.#client, this.numbered, this.#depth + 1);
    return inSavepoint(this, this.#depth + 1, () => call(inner).finally(() => inner.close()));
  }

  async close(): Promise<void> {
    this.isOver = true;
  }
}
