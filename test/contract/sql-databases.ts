import { PGlite } from '@electric-sql/pglite';
import Libsql from 'libsql';
import type { SqlDatabase, SqlValue } from '../../src/tools/index.js';

export type ClosableDatabase = SqlDatabase & { close(): Promise<void> };

/** SQLite, in a file or in memory. */
export function openLibsql(path = ':memory:'): ClosableDatabase {
  const database = new Libsql(path);
  return {
    dialect: 'sqlite',
    run: async (sql, params = []) => ({ changes: database.prepare(sql).run([...params]).changes }),
    all: async <Row>(sql: string, params: readonly SqlValue[] = []) => database.prepare(sql).all([...params]) as Row[],
    close: async () => void database.close(),
  };
}

/** PostgreSQL in this process. */
export function openPglite(): ClosableDatabase {
  const database = new PGlite();
  const numbered = (sql: string) => {
    let index = 0;
    return sql.replace(/\?/g, () => `$${++index}`);
  };
  return {
    dialect: 'postgres',
    run: async (sql, params = []) => ({
      changes: (await database.query(numbered(sql), [...params])).affectedRows ?? 0,
    }),
    all: async <Row>(sql: string, params: readonly SqlValue[] = []) =>
      (await database.query<Row>(numbered(sql), [...params])).rows,
    close: () => database.close(),
  };
}
