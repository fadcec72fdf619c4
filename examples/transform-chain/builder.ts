import { Pipeline } from 'stageflow';

const pipeline = new Pipeline('title')
  .withStage('split', (ctx) => ({ words: (ctx.snapshot.inputText ?? '').trim().split(/\s+/) }))
  .withStage(
    'capitalise',
    (ctx) => {
      const { words } = ctx.inputs.from('split'); // typed: string[]
      return { words: words.map((word) => word[0]?.toUpperCase() + word.slice(1)) };
    },
    { dependsOn: ['split'] },
  )
  .withStage('join', (ctx) => ({ title: ctx.inputs.from('capitalise').words.join(' ') }), {
    dependsOn: ['capitalise'],
  });

export async function title(text: string): Promise<string> {
  const results = await pipeline.build().run({ inputText: text });
  return results.of('join').title;
}
