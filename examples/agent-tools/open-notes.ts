import { type DynamicModule, Stageflow } from 'stageflow';
import type { ModelProvider } from 'stageflow/agents';
import { ApprovalService, approvers, SqlApprovalStore, SqlUndoStore, UndoService, undoers } from 'stageflow/approvals';
import { openSqlite } from 'stageflow/sqlite';
import { OWNER_ROLE } from './identities.js';
import { NotesFolder } from './notes/notes-folder.js';
import type { ScratchFolder } from './notes/scratch-folder.js';
import { NotesModule } from './notes-module.js';
import { WriteNote } from './tools/write-note.js';

/** The application, and what people do with what it did. */
export interface OpenNotes extends AsyncDisposable {
  readonly app: Stageflow;
  readonly module: DynamicModule;
  readonly folder: NotesFolder;
  readonly approvals: ApprovalService;
  readonly undo: UndoService;
}

/** Approvals and undo are kept in an SQLite file: they outlive the process. */
export async function openNotes(scratch: ScratchFolder, model: ModelProvider): Promise<OpenNotes> {
  const database = openSqlite(scratch.database);
  const approvals = new ApprovalService({
    store: new SqlApprovalStore(database),
    policy: approvers({ roles: [OWNER_ROLE] }),
  });
  const undo = new UndoService({
    store: new SqlUndoStore(database),
    policy: undoers({ roles: [OWNER_ROLE] }),
    handlerOf: (tool) => (tool === 'write_note' ? (record) => app.get(WriteNote).undo(record) : undefined),
  });
  const module = NotesModule.with(scratch.notes, model);
  const toolServices = { approvals, undo };
  const app = await Stageflow.create(module, { trustedCallers: true, toolArguments: true, toolServices });
  return {
    ...{ app, module, approvals, undo },
    folder: app.get(NotesFolder),
    async [Symbol.asyncDispose]() {
      approvals.close();
      await app.close();
      await database.close();
    },
  };
}
