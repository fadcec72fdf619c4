import { MemorySink, Pipeline, Retry, Stage, type StageContext, StageTimeoutError, Timeout } from 'stageflow';
import { ManualClock } from 'stageflow/testing';
import { expect, it } from 'vitest';

/** Starts a run of one stage on a clock of the test. */
function start(stage: new () => { execute(ctx: StageContext): unknown }) {
  const clock = new ManualClock();
  const sink = new MemorySink();
  const run = new Pipeline('p')
    .withStage('work', stage as never)
    .build({ clock, sinks: [sink], graceMs: 20 })
    .start();
  return { clock, sink, run };
}

it('a total limit counts all attempts and the waits between them', async () => {
  @Stage()
  @Timeout({ attemptMs: 100, totalMs: 250 })
  @Retry({ attempts: 10, delayMs: 50, factor: 1 })
  class Slow {
    execute(ctx: StageContext) {
      return ctx.sleep(1_000);
    }
  }
  const { clock, sink, run } = start(Slow);
  await clock.advance(249);
  expect(sink.ofType('stage.retry_scheduled')).toHaveLength(1);
  await clock.advance(1);
  const outcome = await run.result;
  if (outcome.status !== 'failed') throw new Error(outcome.status);
  expect(outcome.error).toBeInstanceOf(StageTimeoutError);
  expect(outcome.error).toMatchObject({ limitMs: 250 });
  expect(outcome.results.stage('work')).toMatchObject({ attempts: 2, category: 'transient' });
  expect(clock.pendingTimers).toBe(0);
});

it('a stage that reports progress may take as long as it likes; one that stops doing so has failed', async () => {
  @Stage()
  @Timeout({ heartbeatMs: 100 })
  class Copying {
    async execute(ctx: StageContext) {
      for (let part = 1; part <= 5; part++) {
        await ctx.sleep(90);
        ctx.progress(part / 10);
      }
      await ctx.sleep(1_000);
    }
  }
  const { clock, run } = start(Copying);
  await clock.advance(450);
  await clock.advance(99);
  let ended = false;
  run.result.then(() => {
    ended = true;
  });
  await clock.advance(0);
  expect(ended).toBe(false);
  await clock.advance(1);
  const outcome = await run.result;
  if (outcome.status !== 'failed') throw new Error(outcome.status);
  expect(outcome.error.message).toContain('has reported no progress for 100 ms');
  expect(outcome.results.durationMs).toBe(550);
  expect(clock.pendingTimers).toBe(0);
});

it('progress of a call that has passed its limit, or of none that is watched, renews nothing', async () => {
  @Stage()
  @Timeout({ heartbeatMs: 10 })
  class Stubborn {
    async execute(ctx: StageContext) {
      await new Promise<void>((resolve) => ctx.clock.setTimer(15, resolve));
      ctx.progress(0.5);
      await new Promise<void>((resolve) => ctx.clock.setTimer(1_000, resolve));
    }
  }
  const { clock, run } = start(Stubborn);
  await clock.advance(30);
  const outcome = await run.result;
  expect(outcome.results.stage('work')).toMatchObject({ status: 'fail', abandoned: true });
});
