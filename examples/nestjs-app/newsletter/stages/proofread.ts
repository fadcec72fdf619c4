import { Stage, type StageContext } from 'stageflow';
import { Draft } from '../draft.js';

@Stage({ input: Draft })
export class Proofread {
  execute(ctx: StageContext<never, Draft>): Draft & { readonly words: number } {
    const { slug, title, text } = ctx.snapshot.input;
    const tidy = text.trim().replace(/[ \t]+/g, ' ');
    const words = tidy.split(/\s+/).length;
    ctx.progress(1, `${words} words`);
    return { slug, title: title.trim(), text: tidy, words };
  }
}
