import { expect, it } from 'vitest';
import { z } from 'zod';
import { defineTool, MemorySink, Pipeline, type ToolContext } from '../../../src/index.js';
import { ManualClock } from '../../../src/testing/index.js';

const untilAborted = (_: unknown, { signal }: ToolContext) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

const facts = { description: 'x', input: z.object({}) };
const fails = defineTool({
  ...facts,
  name: 'fails',
  effect: 'irreversible',
  approval: 'never',
  execute: () => Promise.reject(new Error('down')),
});
const waits = defineTool({
  ...facts,
  name: 'waits',
  effect: 'read',
  concurrency: 1,
  execute: (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
});

it('a failed call of an irreversible tool must not be retried (TOOL_FAILED)', async () => {
  const pipeline = new Pipeline('p')
    .withTools(fails)
    .withStage('s', (ctx) => ctx.tools.call(fails, {}) as Promise<object>);
  await expect(pipeline.run()).rejects.toMatchObject({ cause: { code: 'TOOL_FAILED', retryable: false } });
});

it('calls that run and calls that wait are cancelled with their run (TOOL_CANCELLED)', async () => {
  const sink = new MemorySink();
  const call = { name: 'waits', arguments: {} };
  const run = new Pipeline('p')
    .withTools(waits)
    .withStage('s', async (ctx) => {
      const both = Promise.all([ctx.tools.invoke({ id: 'a', ...call }), ctx.tools.invoke({ id: 'b', ...call })]);
      setImmediate(() => run.cancel('enough'));
      return { ended: (await both).map(({ status }) => status) };
    })
    .build({ sinks: [sink] })
    .start();
  expect((await run.result).status).toBe('cancelled');
  const types = sink.events.map(({ type }) => type).filter((type) => type.startsWith('tool.'));
  expect(types.sort()).toEqual(['tool.cancelled', 'tool.cancelled', 'tool.invoked', 'tool.invoked', 'tool.started']);
});

it('a call that passes its limit is told by its signal, and fails (TOOL_TIMEOUT)', async () => {
  const clock = new ManualClock();
  const slow = defineTool({ ...facts, name: 'slow', effect: 'read', timeoutMs: 50, execute: untilAborted });
  const run = new Pipeline('p')
    .withTools(slow)
    .withStage('s', (ctx) => ctx.tools.invoke({ id: 'a', name: 'slow', arguments: {} }))
    .build({ clock })
    .run();
  setImmediate(() => clock.advance(50));
  expect((await run).of('s')).toMatchObject({ status: 'failed', error: { code: 'TOOL_TIMEOUT', retryable: true } });
});
