import { Pipeline } from 'stageflow';
import { expect, it } from 'vitest';

it('under "continue" all that does not need the failed stage is finished, and the rest is named (144)', async () => {
  const pipeline = new Pipeline('nightly', { failurePolicy: 'continue' })
    .withStage('sales', () => ({ rows: 10 }))
    .withStage('stock', () => Promise.reject<{ rows: number }>(new Error('no such table')))
    .withStage('salesReport', ({ inputs }) => ({ text: `${inputs.from('sales').rows} sales` }), {
      dependsOn: ['sales'],
    })
    .withStage('stockReport', ({ inputs }) => ({ text: `${inputs.from('stock').rows} items` }), {
      dependsOn: ['stock'],
    });
  const outcome = await pipeline.start().result;
  if (outcome.status !== 'failed') throw new Error(outcome.status);
  expect(outcome.error.message).toContain('no such table');
  expect(outcome.results.of('salesReport').text).toBe('10 sales');
  expect(outcome.results.stage('stockReport')).toMatchObject({
    status: 'skip',
    skipCause: 'dependency-failed',
    reason: '"stock" failed',
  });
});
