export type { SqlDatabase, SqlValue } from '../sql-database.js';
export { openPostgres } from './open-postgres.js';
export type { PostgresClient, PostgresPool, PostgresQuery, PostgresResult } from './postgres-pool.js';
