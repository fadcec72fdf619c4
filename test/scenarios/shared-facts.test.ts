import { Pipeline } from 'stageflow';
import { expect, it } from 'vitest';

it('the bag takes each key once, and a conflict names both writers (056)', async () => {
  const outcome = await new Pipeline('page')
    .withStage('fetch', (ctx) => ctx.bag.set('language', 'pt'))
    .withStage('detect', (ctx) => ctx.bag.set('language', 'es'), { dependsOn: ['fetch'] })
    .start().result;
  if (outcome.status !== 'failed') throw new Error(outcome.status);
  expect(outcome.error.cause).toMatchObject({
    code: 'BAG_CONFLICT',
    details: { key: 'language', firstWriter: 'fetch', secondWriter: 'detect' },
  });
});
