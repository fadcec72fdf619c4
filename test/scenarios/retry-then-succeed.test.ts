import {
  Intercept,
  MemorySink,
  PipelineModule,
  RetryInterceptor,
  Stage,
  type StageContext,
  Stageflow,
} from 'stageflow';
import { ManualClock } from 'stageflow/testing';
import { expect, it } from 'vitest';

@Stage()
@Intercept(RetryInterceptor.with({ attempts: 3, delayMs: 200 }))
class Order {
  execute(ctx: StageContext) {
    if (ctx.attempt < 3) throw new Error('503 Service Unavailable');
    return { ordered: true };
  }
}

@PipelineModule({ stages: [Order] })
class Shop {}

it('a stage that fails twice is tried three times, with growing pauses, and every retry is told (034)', async () => {
  const clock = new ManualClock();
  const sink = new MemorySink();
  await using app = await Stageflow.create(Shop, { clock, sinks: [sink] });
  const run = app.start(Shop);
  await clock.advance(600);
  const { results } = await run.result;
  expect(results.of(Order)).toEqual({ ordered: true });
  expect(results.stage(Order)).toMatchObject({ attempts: 3, durationMs: 600 });
  expect(
    sink.ofType('stage.retry_scheduled').map(({ attempt, delayMs, error }) => [attempt, delayMs, error.message]),
  ).toEqual([
    [1, 200, '503 Service Unavailable'],
    [2, 400, '503 Service Unavailable'],
  ]);
});
