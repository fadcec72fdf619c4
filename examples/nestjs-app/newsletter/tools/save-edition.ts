import { Tool, type ToolContext, type UndoRecord } from 'stageflow';
import { z } from 'zod';
import { Draft } from '../draft.js';
import { Editions } from '../editions.js';

/** What `undo` needs: the edition as it was. */
const Before = z.object({ slug: z.string(), edition: Draft.nullable() });

@Tool({
  name: 'save_edition',
  description: 'Saves the text of an edition.',
  input: Draft,
  effect: 'reversible',
  exclusive: 'edition:{slug}',
})
export class SaveEdition {
  constructor(private readonly editions: Editions) {}

  async execute(draft: Draft, ctx: ToolContext): Promise<{ readonly slug: string }> {
    const org = ctx.org.requireOrgId();
    const { slug } = draft;
    ctx.recordUndo({ slug, edition: await this.editions.find(org, slug) });
    await this.editions.save(org, draft);
    return { slug };
  }

  async undo({ data }: UndoRecord, ctx: ToolContext): Promise<void> {
    const org = ctx.org.requireOrgId();
    const { slug, edition } = Before.parse(data);
    await (edition === null ? this.editions.remove(org, slug) : this.editions.save(org, edition));
  }
}
