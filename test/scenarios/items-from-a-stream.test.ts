import { Pipeline } from 'stageflow/core';
import { expect, it } from 'vitest';

it('a stream of 20,000 items is worked off in order, with never more in hand than may be worked on at once', async () => {
  let [taken, done, most] = [0, 0, 0];
  async function* rows(count: number) {
    for (let row = 0; row < count; row++) {
      taken++;
      most = Math.max(most, taken - done);
      yield { id: row };
    }
  }
  const pipeline = new Pipeline('import')
    .withStage('source', () => ({ rows: 20_000 }))
    .forEach('load', 'source', (source) => rows(source.rows), {
      key: ({ id }) => id,
      concurrency: 64,
      each: async (_, { id }) => {
        await null;
        done++;
        return { id };
      },
      output: (items) => ({ count: items.length, inOrder: items.every(({ id }, index) => id === index) }),
    });
  expect((await pipeline.run()).of('load')).toEqual({ count: 20_000, inOrder: true });
  expect(most).toBeLessThanOrEqual(64);
});
