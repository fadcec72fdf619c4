import pg from 'pg';
import type { SqlDatabase } from '../sql-database.js';
import { PostgresDatabase } from './postgres-database.js';
import type { PostgresPool } from './postgres-pool.js';

/**
 * Keeps records in PostgreSQL: for production, and for several machines. Needs the package `pg`.
 * @param source a connection string or the options of a pool, which is then made here and ended by `close`; or a pool of
 *   yours, which `close` leaves open
 */
export function openPostgres(source: string | pg.PoolConfig | PostgresPool): SqlDatabase {
  if (isPool(source)) return new PostgresDatabase(source, false);
  const pool = new pg.Pool(typeof source === 'string' ? { connectionString: source } : source);
  // A connection that breaks while nobody uses it is replaced by the pool; unheard, its error would end the process.
  pool.on('error', () => {});
  return new PostgresDatabase(pool, true);
}

function isPool(source: string | pg.PoolConfig | PostgresPool): source is PostgresPool {
  return typeof source === 'object' && 'connect' in source && 'query' in source;
}
