import { Pipeline } from 'stageflow';

const pipeline = new Pipeline('echo').withStage('echo', (ctx) => ({
  message: `You said: ${ctx.snapshot.inputText}`,
}));

export async function echo(text: string): Promise<string> {
  const results = await pipeline.build().run({ inputText: text });
  return results.of('echo').message;
}
