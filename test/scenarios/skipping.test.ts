import { Pipeline, StageOutput } from 'stageflow';
import { expect, it } from 'vitest';

it('a stage may have nothing to hand on: its dependents run, and ask how it ended (010)', async () => {
  const pipeline = new Pipeline('crawl')
    .withStage('parse', (ctx) => (ctx.snapshot.inputText === '' ? StageOutput.skip('empty page') : { title: 'Tea' }))
    .withStage(
      'index',
      ({ inputs }) => {
        const { status, reason } = inputs.status('parse');
        return status === 'ok' ? { entry: 'Tea' } : { entry: `nothing: ${reason}` };
      },
      { dependsOn: ['parse'] },
    );
  expect((await pipeline.run({ inputText: '<html>' })).of('index')).toEqual({ entry: 'Tea' });
  expect((await pipeline.run({ inputText: '' })).of('index')).toEqual({ entry: 'nothing: empty page' });
});
