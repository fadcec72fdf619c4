import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineTool, MemorySink, Pipeline, parseAndResolve, type ToolServices } from '../../../src/index.js';
import { inputDigest } from '../../../src/tools/index.js';

const log: string[] = [];
const edit = defineTool({
  name: 'edit',
  description: 'Edits.',
  input: z.object({ path: z.string() }),
  output: z.object({ done: z.boolean() }),
  effect: 'idempotent',
  behaviors: ['prod'],
  exclusive: 'file:{path}',
  execute: ({ path }, ctx) => {
    log.push(`${path} ${ctx.idempotencyKey.split('/').slice(1).join('/')}`);
    return { done: true };
  },
});
const bad = defineTool({
  name: 'bad',
  description: 'Gives the wrong shape.',
  input: z.object({}),
  output: z.object({ done: z.boolean() }),
  effect: 'read',
  execute: () => ({}) as never,
});
const pay = defineTool({
  name: 'pay',
  description: 'Pays.',
  input: z.object({}),
  effect: 'irreversible',
  execute: () => 'paid',
});

function invoke(name: string, given: unknown, toolMode?: string, toolServices?: ToolServices) {
  const sink = new MemorySink();
  const pipeline = new Pipeline('p')
    .withTools(edit, bad, pay)
    .withStage('s', async (ctx) => ({ outcome: await ctx.tools.invoke({ id: 'c1', name, arguments: given }) }))
    .build({ sinks: [sink], ...(toolServices && { toolServices }) });
  return pipeline.run({}, toolMode === undefined ? {} : { toolMode }).then((results) => {
    const { outcome } = results.of('s');
    const types = sink.events.map(({ type }) => type).filter((type) => type.startsWith('tool.'));
    return { outcome, types, code: (outcome.error as { code?: string } | null)?.code };
  });
}

const digestOfNothing = inputDigest({});

describe('a tool call', () => {
  it('runs through the gates and reports itself', async () => {
    const { outcome, types } = await invoke('edit', { path: 'a' }, 'prod');
    expect(outcome).toMatchObject({ status: 'completed', output: { done: true } });
    expect(types).toEqual(['tool.invoked', 'tool.started', 'tool.completed']);
    expect(log.at(-1)).toBe(`a s/edit/=c1/${inputDigest({ path: 'a' })}`);
  });

  it('is denied outside its execution modes, before anything else is asked (TOOL_DENIED)', async () => {
    const { outcome, types, code } = await invoke('edit', { path: 1 }, 'practice');
    expect([outcome.status, code]).toEqual(['denied', 'TOOL_DENIED']);
    expect(types).toEqual(['tool.invoked', 'tool.denied']);
  });

  it('is not executed with wrong input (TOOL_INPUT_INVALID), nor completed with wrong output (TOOL_OUTPUT_INVALID)', async () => {
    const before = log.length;
    expect((await invoke('edit', { path: 1 }, 'prod')).code).toBe('TOOL_INPUT_INVALID');
    expect(log.length).toBe(before);
    expect((await invoke('bad', {})).code).toBe('TOOL_OUTPUT_INVALID');
  });

  it('of no tool, or with unreadable arguments, is unresolved (TOOL_UNKNOWN, TOOL_ARGUMENTS_INVALID)', async () => {
    const unknown = await invoke('edti', {});
    expect([unknown.outcome.status, unknown.code]).toEqual(['unresolved', 'TOOL_UNKNOWN']);
    expect(unknown.outcome.error?.message).toContain('Did you mean "edit"?');
    expect((await invoke('edit', '{"path": "a')).code).toBe('TOOL_ARGUMENTS_INVALID');
  });

  it('that needs approval is denied without a gate, and by a gate that breaks; edits are validated', async () => {
    expect((await invoke('pay', {})).code).toBe('TOOL_DENIED');
    const broken = { approvals: { request: () => Promise.reject(new Error('down')) } };
    expect((await invoke('pay', {}, undefined, broken)).code).toBe('TOOL_DENIED');
    const gate = (input: unknown) => ({
      approvals: { request: async () => ({ status: 'approved', requestId: 'r', decidedBy: 'ann', input }) as const },
    });
    expect((await invoke('pay', {}, undefined, gate({}))).outcome.output).toBe('paid');
    expect((await invoke('pay', {}, undefined, gate(7))).code).toBe('TOOL_INPUT_INVALID');
  });

  it('that was in flight when the run was interrupted is not made again (TOOL_OUTCOME_UNKNOWN)', async () => {
    const calls = {
      find: async () => ({ status: 'in-flight', inputDigest: digestOfNothing }) as const,
      started: async () => {},
      finished: async () => {},
    };
    const approvals = { request: async () => ({ status: 'approved', requestId: 'r', decidedBy: 'ann' }) as const };
    expect((await invoke('pay', {}, undefined, { calls, approvals })).code).toBe('TOOL_OUTCOME_UNKNOWN');
  });
});

describe('a definition', () => {
  it('is refused with everything that is wrong (TOOL_INVALID)', () => {
    const wrong = { name: 'a b', description: '', effect: 'reversible', input: 7, execute: () => 1 } as never;
    try {
      defineTool(wrong);
      expect.unreachable();
    } catch (error) {
      expect((error as { problems: unknown[] }).problems).toHaveLength(4);
    }
  });

  it('may not share its name with another (TOOL_DUPLICATE)', () => {
    const twin = defineTool({ name: 'pay', description: 'x', input: z.object({}), effect: 'read', execute: () => 1 });
    const pipeline = new Pipeline('p').withTools(pay, twin).withStage('s', () => ({}));
    expect(() => pipeline.build()).toThrow('TOOL_DUPLICATE');
  });
});

describe('parseAndResolve', () => {
  const call = (args: unknown) => ({
    tool_calls: [{ id: '1', type: 'function', function: { name: 'edit', arguments: args } }],
  });

  it.each(['', '{"a":', '[1]', 'null', '7', null, [1], undefined])('does not make {} of %j', (args) => {
    expect(parseAndResolve(call(args), ['edit'])).toMatchObject([{ resolved: false, id: '1', name: 'edit' }]);
  });

  it.each([
    call('{"a":1}'),
    {
      output: [
        { type: 'reasoning' },
        { type: 'function_call', id: 'x', call_id: '1', name: 'edit', arguments: '{"a":1}' },
      ],
    },
    {
      content: [
        { type: 'text', text: '' },
        { type: 'tool_use', id: '1', name: 'edit', input: { a: 1 } },
      ],
    },
    { content: [{ type: 'tool-call', toolCallId: '1', toolName: 'edit', input: '{"a":1}' }] },
  ])('reads the forms of all vendors', (message) => {
    expect(parseAndResolve(message, ['edit'])).toEqual([
      { resolved: true, id: '1', name: 'edit', arguments: { a: 1 } },
    ]);
  });

  it('keeps a call that is nothing, unresolved', () => {
    expect(parseAndResolve({ tool_calls: [null] }, ['edit'])).toMatchObject([{ resolved: false, id: '' }]);
  });
});
