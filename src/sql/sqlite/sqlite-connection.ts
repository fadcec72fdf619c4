import type Libsql from 'libsql';
import type { SqlValue } from '../sql-database.js';
import { statementFailed } from '../sql-errors.js';

const KEPT_STATEMENTS = 200;

/** The driver, which does everything at once, with its prepared statements. */
export class SqliteConnection {
  readonly #driver: Libsql.Database;
  readonly #statements = new Map<string, Libsql.Statement<unknown[]>>();

  constructor(driver: Libsql.Database) {
    this.#driver = driver;
  }

  run(sql: string, params: readonly SqlValue[]): { changes: number } {
    try {
      return { changes: this.#prepared(sql).run(params).changes };
    } catch (error) {
      throw statementFailed(sql, error);
    }
  }

  all<Row>(sql: string, params: readonly SqlValue[]): Row[] {
    try {
      return this.#prepared(sql).all(params) as Row[];
    } catch (error) {
      throw statementFailed(sql, error);
    }
  }

  /** Does nothing where SQLite has undone the transaction itself, as it does when the disk is full. */
  rollBack(): void {
    if (this.#driver.inTransaction) this.run('ROLLBACK', []);
  }

  close(): void {
    this.#statements.clear();
    this.#driver.close();
  }

  #prepared(sql: string): Libsql.Statement<unknown[]> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= KEPT_STATEMENTS) this.#statements.clear();
    const statement = this.#driver.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
