import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemorySink } from '../../../src/events/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { defineTool, type ToolOptions, type ToolServices } from '../../../src/tools/index.js';

const input = z.object({ id: z.string(), path: z.string() });

/** Calls of one tool that go on until the test lets them. */
class Calls {
  readonly running: string[] = [];
  readonly order: string[] = [];
  readonly gates = new Map<string, Gate>();

  tool(name: string, options: Partial<ToolOptions> = {}) {
    return defineTool({
      name,
      description: 'Works until it is let go.',
      input,
      effect: 'idempotent',
      ...(options as object),
      execute: async ({ id }, { signal }) => {
        this.running.push(id);
        this.order.push(id);
        try {
          await this.gate(id).pass(signal);
        } finally {
          this.running.splice(this.running.indexOf(id), 1);
        }
      },
    });
  }

  gate(id: string): Gate {
    const gate = this.gates.get(id) ?? new Gate();
    this.gates.set(id, gate);
    return gate;
  }

  /** A run that makes calls of `[tool, id, path]` at once. */
  start(
    tools: readonly ReturnType<Calls['tool']>[],
    calls: readonly [string, string, string][],
    toolServices: ToolServices = {},
  ) {
    const outcomes: Record<string, string> = {};
    const pipeline = new Pipeline('p').withTools(...tools).withStage('s', async (ctx) => {
      await Promise.all(
        calls.map(async ([name, id, path]) => {
          outcomes[id] = (await ctx.tools.invoke({ id, name, arguments: { id, path } })).status;
        }),
      );
    });
    return { run: pipeline.build({ toolServices }).start(), outcomes };
  }

  async finish(id: string): Promise<void> {
    this.gate(id).open();
    await settle();
  }
}

describe('an exclusive tool', () => {
  it('makes calls with one key one after the other, in the order they came, and others meanwhile', async () => {
    const calls = new Calls();
    const tool = calls.tool('edit', { exclusive: 'file:{path}' });
    const { run } = calls.start(
      [tool],
      [
        ['edit', '1', 'a'],
        ['edit', '2', 'a'],
        ['edit', '3', 'b'],
        ['edit', '4', 'a'],
      ],
    );
    await settle();
    expect(calls.running).toEqual(['1', '3']);
    for (const id of ['1', '2', '4']) {
      await calls.finish(id);
      expect(calls.running.length).toBeLessThanOrEqual(2);
    }
    await calls.finish('3');
    expect((await run.result).status).toBe('completed');
    expect(calls.order).toEqual(['1', '3', '2', '4']);
  });

  it('lets nobody wait for a call whose run was cancelled, waiting or running', async () => {
    const calls = new Calls();
    const tool = calls.tool('edit', { exclusive: 'file:{path}' });
    const ids = ['1', '2', '3'];
    const first = calls.start(
      [tool],
      ids.map((id) => ['edit', id, 'a'] as [string, string, string]),
    );
    await settle();
    first.run.cancel('enough');
    await first.run.result;
    expect(Object.values(first.outcomes)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(calls.order).toEqual(['1']);
  });
});

describe('limits', () => {
  it('of all calls hold for different tools together, and a call that waits for its key holds no place', async () => {
    const calls = new Calls();
    const tools = [calls.tool('edit', { exclusive: '{path}' }), calls.tool('read'), calls.tool('find')];
    const { run } = calls.start(
      tools,
      [
        ['edit', '1', 'a'],
        ['edit', '2', 'a'],
        ['read', '3', 'a'],
        ['find', '4', 'a'],
      ],
      { maxConcurrency: 2 },
    );
    await settle();
    // Those without a key have less to pass.
    expect(calls.running.sort()).toEqual(['3', '4']);
    await calls.finish('3');
    expect(calls.running.sort()).toEqual(['1', '4']);
    for (const id of ['4', '1', '2']) await calls.finish(id);
    expect(calls.order.slice(2)).toEqual(['1', '2']);
    expect((await run.result).status).toBe('completed');
  });

  it('of one tool do not hold back another', async () => {
    const calls = new Calls();
    const tools = [calls.tool('slow', { concurrency: 1 }), calls.tool('quick')];
    const { run } = calls.start(tools, [
      ['slow', '1', 'a'],
      ['slow', '2', 'a'],
      ['quick', '3', 'a'],
    ]);
    await settle();
    expect(calls.running.sort()).toEqual(['1', '3']);
    for (const id of ['1', '2', '3']) await calls.finish(id);
    expect((await run.result).status).toBe('completed');
  });

  it('that are no whole number are refused (RUN_INPUT_INVALID)', () => {
    const pipeline = new Pipeline('p').withTools(new Calls().tool('read')).withStage('s', () => ({}));
    for (const maxConcurrency of [0, 1.5, Number.NaN]) {
      expect(() => pipeline.build({ toolServices: { maxConcurrency } })).toThrow('toolServices.maxConcurrency');
    }
  });
});

it('progress of a call is reported as that of the call, and only numbers from 0 to 1', async () => {
  const sink = new MemorySink();
  const tool = defineTool({
    name: 'walk',
    description: 'Walks.',
    input: z.object({}),
    effect: 'read',
    execute: (_, ctx) => {
      ctx.progress(0.5, 'half way');
      ctx.progress(2);
    },
  });
  const pipeline = new Pipeline('p').withTools(tool).withStage('s', async (ctx) => {
    return { status: (await ctx.tools.invoke({ id: 'c', name: 'walk', arguments: {} })).status };
  });
  expect((await pipeline.build({ sinks: [sink] }).run()).of('s').status).toBe('failed');
  expect(sink.ofType('tool.progress')).toMatchObject([{ callId: 'c', tool: 'walk', fraction: 0.5, note: 'half way' }]);
});
