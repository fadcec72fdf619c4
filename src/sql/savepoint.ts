import type { SqlDatabase } from './sql-database.js';

/** A transaction in a transaction: undone alone if `call` throws. @param depth how many it is in */
export async function inSavepoint<T>(tx: SqlDatabase, depth: number, call: () => Promise<T>): Promise<T> {
  const name = `stageflow_${depth}`;
  await tx.run(`SAVEPOINT ${name}`);
  try {
    const result = await call();
    await tx.run(`RELEASE SAVEPOINT ${name}`);
    return result;
  } catch (error) {
    await tx.run(`ROLLBACK TO SAVEPOINT ${name}`);
    throw error;
  }
}
