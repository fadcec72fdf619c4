import { Tool } from 'stageflow';
import { z } from 'zod';
import { NotesFolder } from '../notes/notes-folder.js';
import { NoteName } from './note-name.js';

const Input = z.object({ name: NoteName });

/** Irreversible, so that each call waits until a person has approved it. */
@Tool({
  name: 'delete_note',
  description: 'Deletes a note for good. A person is asked first, and may refuse.',
  input: Input,
  effect: 'irreversible',
  exclusive: 'note:{name}',
})
export class DeleteNote {
  constructor(private readonly notes: NotesFolder) {}

  async execute({ name }: z.infer<typeof Input>) {
    await this.notes.remove(name);
    return { deleted: name };
  }
}
