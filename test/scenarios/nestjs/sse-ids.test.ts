import { firstValueFrom, toArray } from 'rxjs';
import { Pipeline } from 'stageflow';
import { type SseOptions, toSse } from 'stageflow/nestjs';
import { expect, it } from 'vitest';

async function idsOf(options: SseOptions): Promise<(string | undefined)[]> {
  const run = new Pipeline('p')
    .withStage('s', () => {})
    .build()
    .start();
  const messages = await firstValueFrom(toSse(run, options).pipe(toArray()));
  if (messages.length > 0) expect(messages.at(-1)?.type).toBe('pipeline.completed');
  return messages.map(({ id }) => id);
}

it.each([
  [undefined, ['1', '2', '3', '4']],
  ['2', ['3', '4']],
  [['2'], ['3', '4']],
  ['4', []],
  ['-1', ['1', '2', '3', '4']],
  ['nonsense', ['1', '2', '3', '4']],
] as const)('a client that comes back with %j gets what came after', async (lastEventId, ids) => {
  expect(await idsOf({ lastEventId })).toEqual(ids);
});

it.each([
  ['b.2', ['b.3', 'b.4']],
  ['a.2', ['b.1', 'b.2', 'b.3', 'b.4']],
  ['2', ['b.1', 'b.2', 'b.3', 'b.4']],
])('one with %j, of some epoch, gets what came after in this one', async (lastEventId, ids) => {
  expect(await idsOf({ lastEventId, epoch: 'b' })).toEqual(ids);
});
