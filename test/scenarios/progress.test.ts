import { CallbackSink, Pipeline } from 'stageflow';
import { expect, it } from 'vitest';

it('a stage says how far it is, and sends events of its own (007)', async () => {
  const lines: string[] = [];
  const sink = new CallbackSink((event) => {
    if (event.type === 'stage.progress') lines.push(`${event.stage} ${event.fraction * 100}% ${event.note ?? ''}`);
    if (event.type === 'custom') lines.push(`${event.stage} ${event.name} ${JSON.stringify(event.data)}`);
  });
  await new Pipeline('copy')
    .withStage('files', (ctx) => {
      for (const [index, file] of ['a', 'b'].entries()) {
        ctx.checkpoint();
        ctx.emit('copied', { file });
        ctx.progress((index + 1) / 2, file);
      }
    })
    .build({ sinks: [sink] })
    .run();
  expect(lines).toEqual(['files copied {"file":"a"}', 'files 50% a', 'files copied {"file":"b"}', 'files 100% b']);
});
