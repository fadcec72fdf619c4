import { Pipeline, RunFailedError, StageTimeoutError } from 'stageflow';
import { Gate, ManualClock } from 'stageflow/testing';
import { expect, it } from 'vitest';

const hanging = new Pipeline('weather').withStage('forecast', (ctx) => new Gate().pass(ctx.signal), {
  timeoutMs: 2_000,
});

it('a stage that passes its limit is aborted, and fails the run with a typed error (043)', async () => {
  const clock = new ManualClock();
  const error = hanging
    .build({ clock })
    .run()
    .catch((caught) => caught);
  await clock.advance(2_000);
  expect(await error).toBeInstanceOf(StageTimeoutError);
  expect(await error).toMatchObject({ code: 'STAGE_TIMEOUT', stage: 'forecast', limitMs: 2_000, retryable: true });
});

it('a stage that will not stop cannot hold up the run for ever, and its late answer is dropped (045)', async () => {
  const clock = new ManualClock();
  const late = new Gate<object>();
  const run = new Pipeline('weather')
    .withStage('forecast', () => late.pass(), { timeoutMs: 2_000 })
    .build({ clock, graceMs: 500 })
    .start();
  await clock.advance(2_500);
  const outcome = await run.result;
  late.open({ sunny: true });
  expect(outcome.status).toBe('failed');
  expect(outcome.results.abandoned).toEqual(['forecast']);
  expect(outcome.results.outputs).toEqual({});
});

it('a run can have a deadline of its own (046)', async () => {
  const clock = new ManualClock();
  const error = hanging
    .build({ clock })
    .run({}, { timeoutMs: 100 })
    .catch((caught) => caught);
  await clock.advance(100);
  expect(await error).toBeInstanceOf(RunFailedError);
  expect(await error).toMatchObject({ code: 'RUN_TIMEOUT' });
});
