import { type DynamicModule, PipelineModule } from 'stageflow';
import { ModelProvider } from 'stageflow/agents';
import { NOTES_PATH, NotesFolder } from './notes/notes-folder.js';
import { TidyNotes } from './tidy-notes.js';
import { DeleteNote } from './tools/delete-note.js';
import { ListNotes } from './tools/list-notes.js';
import { ReadNote } from './tools/read-note.js';
import { WriteNote } from './tools/write-note.js';

@PipelineModule({
  name: 'notes',
  stages: [TidyNotes],
  tools: [ListNotes, ReadNote, WriteNote, DeleteNote],
  providers: [NotesFolder],
})
export class NotesModule {
  /** Which folder, and which model, is configuration. */
  static with(folder: string, model: ModelProvider): DynamicModule {
    return {
      module: NotesModule,
      providers: [
        { provide: NOTES_PATH, useValue: folder },
        { provide: ModelProvider, useValue: model },
      ],
    };
  }
}
