import { Tool } from 'stageflow';
import { z } from 'zod';
import { NotesFolder } from '../notes/notes-folder.js';
import { NoteName } from './note-name.js';

const Input = z.object({ name: NoteName });

@Tool({ name: 'read_note', description: 'Gives the text of a note.', input: Input, effect: 'read' })
export class ReadNote {
  constructor(private readonly notes: NotesFolder) {}

  async execute({ name }: z.infer<typeof Input>) {
    return { text: await this.notes.read(name) };
  }
}
