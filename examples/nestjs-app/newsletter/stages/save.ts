import { DependsOn, Stage, type StageContext } from 'stageflow';
import { SaveEdition } from '../tools/save-edition.js';
import { Proofread } from './proofread.js';

/** Idempotent, though it changes the world: all it does goes through tools, whose calls are in the journal. */
@Stage({ kind: 'work', idempotent: true })
@DependsOn(Proofread)
export class Save {
  execute(ctx: StageContext<typeof Proofread>): Promise<{ readonly slug: string }> {
    const { slug, title, text } = ctx.inputs.of(Proofread);
    return ctx.tools.call(SaveEdition, { slug, title, text });
  }
}
