import { Tool } from 'stageflow';
import { z } from 'zod';
import { NotesFolder } from '../notes/notes-folder.js';

@Tool({ name: 'list_notes', description: 'Lists the names of all notes.', input: z.object({}), effect: 'read' })
export class ListNotes {
  constructor(private readonly notes: NotesFolder) {}

  async execute() {
    return { notes: await this.notes.names() };
  }
}
