/** What can be put into a statement, and what comes back. Times are milliseconds, structures are JSON text. */
export type SqlValue = string | number | null;

/**
 * A database that journals, approvals and the like keep their records in. Make one with `openSqlite` (`stageflow/sqlite`)
 * or `openPostgres` (`stageflow/postgres`), or wrap a driver of your own.
 *
 * One statement per call. Placeholders are `?` in both dialects, and never part of a text, a name or a comment.
 */
export interface SqlDatabase {
  readonly dialect: 'sqlite' | 'postgres';
  /** @throws SQL_FAILED with the driver's error as cause; SQL_CLOSED */
  run(sql: string, params?: readonly SqlValue[]): Promise<{ readonly changes: number }>;
  /** Integers come back as numbers. @throws SQL_FAILED with the driver's error as cause; SQL_CLOSED */
  all<Row>(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
  /**
   * Everything `call` does with its argument happens, or nothing of it. Others see nothing of it before the end. Inside
   * use only the argument: the database itself may wait for the transaction to end. A transaction in a transaction is
   * undone alone.
   */
  transaction<T>(call: (tx: SqlDatabase) => Promise<T>): Promise<T>;
  /** Waits for what is under way. A pool that was handed in stays open. */
  close(): Promise<void>;
}
