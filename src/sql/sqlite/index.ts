export type { SqlDatabase, SqlValue } from '../sql-database.js';
export { openSqlite, type SqliteOptions } from './open-sqlite.js';
