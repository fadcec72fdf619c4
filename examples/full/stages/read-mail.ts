import { readFile } from 'node:fs/promises';
import { Stage, type StageContext } from 'stageflow';

export interface Desk {
  /** The file of a mail. */
  readonly file: string;
}

@Stage()
export class ReadMail {
  async execute(ctx: StageContext<never, Desk>) {
    const text = await readFile(ctx.snapshot.input.file, 'utf8');
    const [head = '', ...body] = text.split(/\r?\n\r?\n/);
    const field = (name: string) => head.match(new RegExp(`^${name}: *(.*)$`, 'im'))?.[1]?.trim() ?? '';
    const subject = field('Subject');
    return {
      from: field('From'),
      subject,
      body: body.join('\n\n').trim(),
      orderId: text.match(/\b[A-Z]-\d+\b/)?.[0] ?? null,
    };
  }
}
