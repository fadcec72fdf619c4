import Libsql from 'libsql';
import type { SqlDatabase } from '../sql-database.js';
import { statementFailed } from '../sql-errors.js';
import { SqliteConnection } from './sqlite-connection.js';
import { SqliteDatabase } from './sqlite-database.js';

export interface SqliteOptions {
  /** How long a statement waits while another process writes, in ms. Default 5,000. */
  readonly busyTimeoutMs?: number;
  /**
   * `normal` survives the end of the process at any moment; a power cut may take the last transactions with it. `full`
   * survives both, and waits for the disk at each of them. Default `normal`.
   */
  readonly durability?: 'normal' | 'full';
}

/**
 * Opens a SQLite file, and makes it if there is none: storage that needs no server, for one machine. Several processes
 * may use one file. Needs the package `libsql`.
 * @param path of the file; `:memory:` for a database that is gone when it is closed
 * @throws SQL_FAILED if the file cannot be opened
 */
export function openSqlite(path: string, options: SqliteOptions = {}): SqlDatabase {
  const { busyTimeoutMs = 5_000, durability = 'normal' } = options;
  try {
    const driver = new Libsql(path);
    driver.pragma(`busy_timeout = ${Math.ceil(busyTimeoutMs)}`);
    driver.pragma('journal_mode = WAL');
    driver.pragma(`synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
    driver.pragma('foreign_keys = ON');
    return new SqliteDatabase(new SqliteConnection(driver));
  } catch (error) {
    throw statementFailed('OPEN DATABASE', error);
  }
}
