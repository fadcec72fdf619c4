import { Pipeline } from 'stageflow';
import { ManualClock } from 'stageflow/testing';
import { expect, it } from 'vitest';

it('three hundred stages, ten at a time, the urgent ones first (009)', async () => {
  const clock = new ManualClock();
  const order: string[] = [];
  let [running, most] = [0, 0];
  let pipeline: Pipeline<any> = new Pipeline('mail', { maxConcurrency: 10 });
  for (let n = 0; n < 300; n++) {
    const urgent = n % 100 === 99;
    pipeline = pipeline.withStage(
      urgent ? `urgent ${n}` : `bulk ${n}`,
      async (ctx) => {
        order.push(ctx.stage.name);
        most = Math.max(most, ++running);
        await ctx.sleep(5);
        running--;
      },
      { priority: urgent ? 1 : 0 },
    );
  }
  const run = pipeline.build({ clock }).start();
  await clock.advance(150);
  expect((await run.result).status).toBe('completed');
  expect(most).toBe(10);
  expect(order.slice(0, 3)).toEqual(['urgent 99', 'urgent 199', 'urgent 299']);
});
