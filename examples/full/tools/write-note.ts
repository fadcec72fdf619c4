import { Tool, type ToolContext, type UndoRecord } from 'stageflow';
import { diffText } from 'stageflow/diff';
import { z } from 'zod';
import { Outbox } from '../services/outbox.js';

const Note = z.object({ orderId: z.string().regex(/^[A-Z]-\d+$/), text: z.string().max(2_000) });

interface Before {
  readonly text: string | null;
  readonly diff: string;
}

/** Can be taken back: what was there before is kept. */
@Tool({
  name: 'write_note',
  description: 'Replaces the note on an order, for colleagues. Customers do not see it.',
  input: Note,
  effect: 'reversible',
  timeoutMs: 5_000,
})
export class WriteNote {
  constructor(private readonly outbox: Outbox) {}

  async execute({ orderId, text }: z.infer<typeof Note>, ctx: ToolContext) {
    const name = `note-${orderId}.txt`;
    const before = await this.outbox.read(name);
    const diff = diffText(before ?? '', `${text}\n`, { name }).patch;
    ctx.recordUndo({ text: before, diff } satisfies Before);
    await this.outbox.write(name, `${text}\n`);
    return { written: name };
  }

  async undo({ input, data }: UndoRecord) {
    const name = `note-${(input as z.infer<typeof Note>).orderId}.txt`;
    const { text } = data as Before;
    if (text === null) await this.outbox.remove(name);
    else await this.outbox.write(name, text);
  }
}
