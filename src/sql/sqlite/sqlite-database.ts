/*
 * One connection, used by many.
 *
 * Invariants
 *  1. While a transaction is open nothing but the transaction reaches the connection: all else waits, in order.
 *  2. A transaction takes the right to write when it begins, so it never fails half-way because another process writes.
 */
import { inSavepoint } from '../savepoint.js';
import type { SqlDatabase, SqlValue } from '../sql-database.js';
import { alreadyClosed } from '../sql-errors.js';
import type { SqliteConnection } from './sqlite-connection.js';

export class SqliteDatabase implements SqlDatabase {
  readonly dialect = 'sqlite';
  readonly #connection: SqliteConnection;
  /** What waits, or is under way, in order; null if nothing is. */
  #last: Promise<unknown> | null = null;
  #isClosed = false;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  async run(sql: string, params: readonly SqlValue[] = []): Promise<{ changes: number }> {
    this.#refuseIfClosed();
    if (this.#last === null) return this.#connection.run(sql, params);
    return this.#inTurn(async () => this.#connection.run(sql, params));
  }

  async all<Row>(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    this.#refuseIfClosed();
    if (this.#last === null) return this.#connection.all(sql, params);
    return this.#inTurn(async () => this.#connection.all(sql, params));
  }

  async transaction<T>(call: (tx: SqlDatabase) => Promise<T>): Promise<T> {
    this.#refuseIfClosed();
    return this.#inTurn(() => this.#transact(call));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#last;
    this.#connection.close();
  }

  async #transact<T>(call: (tx: SqlDatabase) => Promise<T>): Promise<T> {
    const tx = new SqliteTransaction(this.#connection, 0);
    this.#connection.run('BEGIN IMMEDIATE', []);
    try {
      const result = await call(tx);
      tx.end();
      this.#connection.run('COMMIT', []);
      return result;
    } catch (error) {
      tx.end();
      this.#connection.rollBack();
      throw error;
    }
  }

  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last === null ? call() : this.#last.then(call);
    const settled: Promise<unknown> = result
      .catch(() => {})
      .then(() => {
        if (this.#last === settled) this.#last = null;
      });
    this.#last = settled;
    return result;
  }

  #refuseIfClosed(): void {
    if (this.#isClosed) throw alreadyClosed('database');
  }
}

class SqliteTransaction implements SqlDatabase {
  readonly dialect = 'sqlite';
  readonly #connection: SqliteConnection;
  readonly #depth: number;
  #isOver = false;

  constructor(connection: SqliteConnection, depth: number) {
    this.#connection = connection;
    this.#depth = depth;
  }

  async run(sql: string, params: readonly SqlValue[] = []): Promise<{ changes: number }> {
    this.#refuseIfOver();
    return this.#connection.run(sql, params);
  }

  async all<Row>(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    this.#refuseIfOver();
    return this.#connection.all(sql, params);
  }

  async transaction<T>(call: (tx: SqlDatabase) => Promise<T>): Promise<T> {
    this.#refuseIfOver();
    const inner = new SqliteTransaction(this.#connection, this.#depth + 1);
    return inSavepoint(this, this.#depth + 1, () => call(inner).finally(() => inner.end()));
  }

  async close(): Promise<void> {
    this.end();
  }

  end(): void {
    this.#isOver = true;
  }

  #refuseIfOver(): void {
    if (this.#isOver) throw alreadyClosed('transaction');
  }
}
