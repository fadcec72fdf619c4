import { Tool, type ToolContext } from 'stageflow';
import { diffText } from 'stageflow/diff';
import { z } from 'zod';
import { NoteError, NotesFolder } from '../notes/notes-folder.js';
import { NoteName } from './note-name.js';

const Input = z.object({ name: NoteName, text: z.string().max(20_000).describe('The whole text, as Markdown.') });
const Output = z.object({ added: z.number(), removed: z.number() });

/** What is kept to undo one call. `before` is null where there was no note. */
const Kept = z.object({ name: NoteName, before: z.string().nullable(), after: z.string() });

@Tool({
  name: 'write_note',
  description: 'Replaces the text of a note, or begins a note. Gives how many lines were added and removed.',
  input: Input,
  output: Output,
  effect: 'reversible',
  exclusive: 'note:{name}',
})
export class WriteNote {
  constructor(private readonly notes: NotesFolder) {}

  async execute({ name, text }: z.infer<typeof Input>, ctx: ToolContext): Promise<z.infer<typeof Output>> {
    const before = await this.notes.readIfAny(name);
    ctx.recordUndo({ name, before, after: text } satisfies z.infer<typeof Kept>);
    await this.notes.write(name, text);
    const { added, removed } = diffText(before ?? '', text);
    return { added, removed };
  }

  /** Takes back this call alone: what somebody wrote after it is not lost. */
  async undo({ data }: { readonly data: unknown }): Promise<void> {
    const { name, before, after } = Kept.parse(data);
    const now = await this.notes.readIfAny(name);
    if (now === before) return;
    if (now !== after) throw new NoteError(`Note "${name}" has been changed since.`);
    if (before === null) await this.notes.remove(name);
    else await this.notes.write(name, before);
  }
}
