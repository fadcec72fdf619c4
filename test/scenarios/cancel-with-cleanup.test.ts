import { Pipeline } from 'stageflow';
import { Gate } from 'stageflow/testing';
import { expect, it } from 'vitest';

it('a cancelled run stops its stages first, and tidies up after them, last opened first (020, 021)', async () => {
  const log: string[] = [];
  const downloading = new Gate();
  const pipeline = new Pipeline('export')
    .withStage('connect', (ctx) => {
      ctx.onCleanup(() => void log.push('disconnected'));
    })
    .withStage(
      'download',
      async (ctx) => {
        ctx.onCleanup(async () => void log.push('temporary file deleted'));
        await downloading.pass(ctx.signal).finally(() => log.push('download stopped'));
      },
      { dependsOn: ['connect'] },
    )
    .withStage('upload', () => void log.push('uploaded'), { dependsOn: ['download'] });

  const run = pipeline.start();
  await downloading.reached;
  run.cancel('the user closed the window');
  const outcome = await run.result;

  expect(log).toEqual(['download stopped', 'temporary file deleted', 'disconnected']);
  expect(outcome.status).toBe('cancelled');
  expect(outcome.results.stages.map(({ stage, status }) => `${stage}: ${status}`)).toEqual([
    'connect: ok',
    'download: cancel',
    'upload: not-started',
  ]);
});
