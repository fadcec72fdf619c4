import { Pipeline, StageFailedError } from 'stageflow';
import { Gate } from 'stageflow/testing';
import { expect, it } from 'vitest';

it('a failure aborts its siblings, and the error says which stage, why, and what was done before (027)', async () => {
  const cause = new TypeError('price is missing');
  const waiting = new Gate();
  const error = await new Pipeline('invoice')
    .withStage('lines', () => ({ lines: 2 }))
    .withStage('archive', (ctx) => waiting.pass(ctx.signal), { dependsOn: ['lines'] })
    .withStage(
      'total',
      async () => {
        await waiting.reached;
        throw cause;
      },
      { dependsOn: ['lines'] },
    )
    .run()
    .catch((caught) => caught);

  expect(error).toBeInstanceOf(StageFailedError);
  expect(error.stage).toBe('total');
  expect(error.cause).toBe(cause);
  expect(error.message).toMatch(/^Stage "total" of pipeline "invoice" failed: price is missing\./);
  expect(error.results.outputs).toEqual({ lines: { lines: 2 } });
  expect(error.results.stage('archive').status).toBe('cancel');
});
