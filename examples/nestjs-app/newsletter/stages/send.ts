import { DependsOn, Stage, type StageContext } from 'stageflow';
import { SendEdition } from '../tools/send-edition.js';
import { FindReaders } from './find-readers.js';
import { Proofread } from './proofread.js';
import { Save } from './save.js';

/** Waits until somebody else has approved the call, across restarts if it takes that long. */
@Stage({ kind: 'work', idempotent: true })
@DependsOn(Proofread, Save, FindReaders)
export class Send {
  execute(ctx: StageContext<typeof Proofread | typeof Save | typeof FindReaders>): Promise<{ readonly sent: number }> {
    const { title } = ctx.inputs.of(Proofread);
    const { slug } = ctx.inputs.of(Save);
    const { readers } = ctx.inputs.of(FindReaders);
    return ctx.tools.call(SendEdition, { slug, title, readers: [...readers] });
  }
}
