import { Tool, type ToolContext } from 'stageflow';
import { z } from 'zod';
import { Mailbox } from '../mailbox.js';

const Sending = z.object({ slug: z.string(), title: z.string(), readers: z.array(z.string()) });

/** What is sent cannot be called back, so somebody else has to approve it first. */
@Tool({
  name: 'send_edition',
  description: 'Mails an edition to its readers.',
  input: Sending,
  effect: 'irreversible',
})
export class SendEdition {
  constructor(private readonly mailbox: Mailbox) {}

  async execute({ slug, readers }: z.infer<typeof Sending>, ctx: ToolContext): Promise<{ readonly sent: number }> {
    await this.mailbox.send(ctx.org.requireOrgId(), ctx.idempotencyKey, slug, readers);
    return { sent: readers.length };
  }
}
