import { Pipeline } from 'stageflow';
import { Gate } from 'stageflow/testing';
import { expect, it } from 'vitest';

it('one branch can be called off while the others go on (026)', async () => {
  const preview = new Gate();
  const run = new Pipeline('document')
    .withStage('preview', (ctx) => preview.pass(ctx.signal))
    .withStage('thumbnail', () => ({ thumbnail: true }), { dependsOn: ['preview'] })
    .withStage('save', async () => {
      await preview.reached;
      return { saved: true };
    })
    .start();
  await preview.reached;
  expect(run.cancelStage('preview', 'the pane was closed')).toBe(true);
  const { results } = await run.result;
  expect(results.of('save')).toEqual({ saved: true });
  expect(results.stage('preview')).toMatchObject({ status: 'cancel', reason: 'the pane was closed' });
  expect(results.stage('thumbnail')).toMatchObject({ status: 'skip', skipCause: 'dependency-cancelled' });
});
