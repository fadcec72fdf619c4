import { afterAll, beforeAll } from 'vitest';
import { MemoryApprovalStore, MemoryUndoStore, SqlApprovalStore, SqlUndoStore } from '../../../src/tools/index.js';
import { approvalStoreContract } from '../../contract/approval-store.js';
import { type ClosableDatabase, openLibsql, openPglite } from '../../contract/sql-databases.js';
import { undoStoreContract } from '../../contract/undo-store.js';

approvalStoreContract('MemoryApprovalStore', () => new MemoryApprovalStore());
approvalStoreContract('SqlApprovalStore on SQLite', () => new SqlApprovalStore(openLibsql()));
undoStoreContract('MemoryUndoStore', () => new MemoryUndoStore());
undoStoreContract('SqlUndoStore on SQLite', () => new SqlUndoStore(openLibsql()));

// One server for all: it takes seconds to start.
let postgres: ClosableDatabase;
beforeAll(() => {
  postgres = openPglite();
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
