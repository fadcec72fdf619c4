/** What the stores of approvals and undo need of a database. */
export interface SqlDatabase {
  readonly dialect: 'sqlite' | 'postgres';
  /** Placeholders are `?` in both dialects. */
  run(sql: string, params?: readonly SqlValue[]): Promise<{ readonly changes: number }>;
  all<Row>(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
}

export type SqlValue = string | number | null;

/** Makes tables before their first use. What failed is tried again by the next who asks. */
export class SqlTables {
  readonly #database: SqlDatabase;
  readonly #statements: readonly string[];
  #made: Promise<void> | null = null;

  constructor(database: SqlDatabase, statements: readonly string[]) {
    this.#database = database;
    this.#statements = statements;
  }

  ready(): Promise<void> {
    this.#made ??= this.#make().catch((error: unknown) => {
      this.#made = null;
      throw error;
    });
    return this.#made;
  }

  async #make(): Promise<void> {
    for (const statement of this.#statements) {
      // PostgreSQL lets one of two processes that create the same table fail, IF NOT EXISTS or not.
      await this.#database.run(statement).catch(() => this.#database.run(statement));
    }
  }
}
