import { Global, Module } from '@nestjs/common';
import { ApprovalService, approvers, SqlApprovalStore, SqlUndoStore, UndoService } from 'stageflow/approvals';
import { Journal, SqlJournalStore } from 'stageflow/journal';
import { Database } from './database.js';

/** What outlives the process: the journal of runs, who decided what, and how calls are undone. */
@Global()
@Module({
  providers: [
    Database,
    {
      provide: Journal,
      useFactory: ({ sql }: Database) => new Journal({ store: new SqlJournalStore(sql) }),
      inject: [Database],
    },
    {
      provide: ApprovalService,
      useFactory: ({ sql }: Database) =>
        new ApprovalService({ store: new SqlApprovalStore(sql), policy: approvers({ roles: ['chief'] }) }),
      inject: [Database],
    },
    {
      provide: UndoService,
      useFactory: ({ sql }: Database) => new UndoService({ store: new SqlUndoStore(sql) }),
      inject: [Database],
    },
  ],
  exports: [Database, Journal, ApprovalService, UndoService],
})
export class StorageModule {}
