import { afterAll, beforeAll } from 'vitest';
import { MemoryApprovalStore, MemoryUndoStore, SqlApprovalStore, SqlUndoStore } from '../../../src/approvals/index.js';
import type { SqlDatabase } from '../../../src/sql/index.js';
import { openSqlite } from '../../../src/sql/sqlite/index.js';
import { approvalStoreContract } from '../../contract/approval-store.js';
import { openTestPostgres } from '../../contract/open-test-postgres.js';
import { undoStoreContract } from '../../contract/undo-store.js';

approvalStoreContract('MemoryApprovalStore', () => new MemoryApprovalStore());
approvalStoreContract('SqlApprovalStore on SQLite', () => new SqlApprovalStore(openSqlite(':memory:')));
undoStoreContract('MemoryUndoStore', () => new MemoryUndoStore());
undoStoreContract('SqlUndoStore on SQLite', () => new SqlUndoStore(openSqlite(':memory:')));

// One server for all: it takes seconds to start.
let postgres: SqlDatabase;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());
approvalStoreContract('SqlApprovalStore on PostgreSQL', async () => {
  const store = new SqlApprovalStore(postgres);
  await store.purge(Number.MAX_SAFE_INTEGER);
  return store;
});
undoStoreContract('SqlUndoStore on PostgreSQL', async () => {
  const store = new SqlUndoStore(postgres);
  await store.purge(Number.MAX_SAFE_INTEGER);
  return store;
});
