import { MemorySink, Pipeline } from 'stageflow/core';
import { Gate } from 'stageflow/testing';
import { expect, it } from 'vitest';

it('one item of a hundred is cancelled by its key while the others go on, and the join says which', async () => {
  const gate = new Gate<void>();
  const sink = new MemorySink();
  const pipeline = new Pipeline('mails')
    .withStage('list', () => ({ users: Array.from({ length: 100 }, (_, index) => `user ${index}`) }))
    .forEach('send', 'list', (list) => list.users, {
      key: (user) => user,
      concurrency: 100,
      policy: 'settled',
      each: async (ctx, user) => {
        if (user === 'user 42') await gate.pass(ctx.signal);
        return { sent: user };
      },
    })
    .withStage('report', (ctx) => ({ unsent: ctx.inputs.from('send').items.filter(({ status }) => status !== 'ok') }), {
      dependsOn: ['send'],
    });
  const run = pipeline.build({ sinks: [sink] }).start();
  await gate.reached;
  expect(run.cancelItem('send', 'user 42', 'has unsubscribed')).toBe(true);
  const { results } = await run.result;
  expect(results.of('report').unsent).toEqual([
    { key: 'user 42', index: 42, status: 'cancel', reason: 'has unsubscribed', failure: null },
  ]);
  expect(sink.ofType('stage.item.completed')).toHaveLength(99);
  expect(sink.ofType('stage.item.cancelled')).toMatchObject([{ key: 'user 42', index: 42 }]);
});
