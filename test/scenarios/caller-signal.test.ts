import { Pipeline, PipelineCancelledError } from 'stageflow';
import { Gate } from 'stageflow/testing';
import { expect, it } from 'vitest';

const pipeline = new Pipeline('report')
  .withStage('facts', () => ({ facts: 3 }))
  .withStage('write', (ctx) => new Gate().pass(ctx.signal), { dependsOn: ['facts'] });

it("the caller's AbortSignal cancels the run; the error holds all that was done (017)", async () => {
  const controller = new AbortController();
  const running = pipeline.run({}, { signal: controller.signal });
  setImmediate(() => controller.abort('the request was closed'));
  const error = await running.catch((caught) => caught);
  expect(error).toBeInstanceOf(PipelineCancelledError);
  expect(error.reason).toBe('the request was closed');
  expect(error.results.of('facts')).toEqual({ facts: 3 });
});

it('a signal that has aborted already means that nothing runs (018)', async () => {
  const error = await pipeline.run({}, { signal: AbortSignal.abort('never mind') }).catch((caught) => caught);
  expect(error).toBeInstanceOf(PipelineCancelledError);
  expect(error.results.outputs).toEqual({});
});
