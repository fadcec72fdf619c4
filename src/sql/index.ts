export { inSavepoint } from './savepoint.js';
export type { SqlDatabase, SqlValue } from './sql-database.js';
export { alreadyClosed, statementFailed } from './sql-errors.js';
export { SqlTables } from './sql-tables.js';
