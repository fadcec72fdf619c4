import { afterAll, beforeAll } from 'vitest';
import { MemoryApprovalStore, SqlApprovalStore } from '../../../src/tools/index.js';
import { approvalStoreContract } from '../../contract/approval-store.js';
import { type ClosableDatabase, openLibsql, openPglite } from '../../contract/sql-databases.js';

approvalStoreContract('MemoryApprovalStore', () => new MemoryApprovalStore());
approvalStoreContract('SqlApprovalStore on SQLite', () => new SqlApprovalStore(openLibsql()));

let postgres: ClosableDatabase;
beforeAll(() => {
  postgres = openPglite();
});
afterAll(() => postgres.close());
approvalStoreContract('SqlApprovalStore on PostgreSQL', async () => {
  // One server for all: it takes seconds to start.
  const store = new SqlApprovalStore(postgres);
  await store.purge(Number.MAX_SAFE_INTEGER);
  return store;
});
