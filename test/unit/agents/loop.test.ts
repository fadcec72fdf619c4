import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type AgentResult,
  AgentStage,
  AgentStoppedError,
  Budget,
  FinishReason,
  ModelError,
  prompt,
} from '../../../src/agents/index.js';
import { isAgentEvent, Pipeline, type PipelineEvent, type StageContext, StageflowError } from '../../../src/index.js';
import { Gate, ManualClock, scriptedModel, settle } from '../../../src/testing/index.js';
import { agentOf, call, tool } from './asked.js';

const seen = (events: readonly PipelineEvent[], type: string) =>
  events.flatMap((event) => ('tool' in event && event.type === type ? [event.callId] : []));

describe('calls of tools', () => {
  it('that only read run side by side; what changes something runs alone, in the order it was asked for', async () => {
    const order: string[] = [];
    const both = new Gate();
    let reading = 0;
    const read = tool('read', async ({ of }) => {
      if (++reading === 2) both.open();
      await both.passed; // opens only if the other one runs as well
      order.push(`read ${of}`);
    });
    const write = tool('write', ({ of }) => void order.push(`write ${of}`), 'idempotent');
    const turn = [call('read', { of: 1 }), call('read', { of: 2 }), call('write', { of: 3 }), call('write', { of: 4 })];
    const { run, model } = agentOf([{ calls: [...turn, call('read', { of: 5 })] }, 'Done.'], { tools: [read, write] });
    const { answered } = await run();
    expect(order).toEqual(['read 1', 'read 2', 'write 3', 'write 4', 'read 5']);
    expect(answered.calls.map(({ tool: name }) => name)).toEqual(['read', 'read', 'write', 'write', 'read']);
    model.assertComplete();
  });

  it('that fail, are denied or lead nowhere are told to the model, and the agent goes on', async () => {
    const broken = tool('broken', () => Promise.reject(new Error('no disk')));
    const strict = tool('strict', () => 1);
    const { run, model } = agentOf(
      [
        { calls: [call('broken'), call('brokn'), call('strict', '{"a":'), call('strict', '[1]'), call('strict', '')] },
        'I could not.',
      ],
      { tools: [broken, strict] },
    );
    const { answered } = await run();
    expect(answered.answer).toBe('I could not.');
    expect(answered.calls.map(({ status }) => status)).toEqual(['failed', ...Array(4).fill('unresolved')]);
    const told = model.requests[1]?.messages.slice(3).map((message) => JSON.parse(message.text));
    expect(told).toMatchObject([
      { code: 'TOOL_FAILED', error: 'Tool "broken" failed: no disk' },
      { error: 'There is no tool "brokn". Did you mean "broken"?' },
      { error: expect.stringContaining('not valid JSON') },
      { error: expect.stringContaining('a list') },
      { error: expect.stringContaining('empty') },
    ]);
  });

  it('are no more in one turn than the agent may make; the model hears of the others', async () => {
    const look = tool('look', () => 'x'.repeat(50));
    const calls = [1, 2, 3].map((of) => call('look', { of }));
    const { run } = agentOf([{ calls }, 'Enough.'], { tools: [look], maxCallsPerTurn: 2 });
    const { answered } = await run();
    expect(answered.calls.map(({ status }) => status)).toEqual(['completed', 'completed', 'unresolved']);
    expect(answered.calls[2]?.result).toContain('Only 2 calls');
  });

  it('are those of the agent alone, whatever else the pipeline has', async () => {
    const wipe = tool('wipe', () => expect.unreachable(), 'idempotent');
    const { run, model } = agentOf([{ calls: [call('wipe')] }, 'Well.'], { tools: [wipe], listed: [] });
    const { answered } = await run();
    expect(model.requests[0]?.tools).toEqual([]);
    expect(answered.calls).toMatchObject([{ tool: 'wipe', status: 'unresolved' }]);
  });

  it('fail the stage with TOOL_UNKNOWN if the agent lists a tool that the pipeline does not have', async () => {
    const there = tool('there', () => 1);
    const { run } = agentOf([], { tools: [there], listed: [there, tool('gone', () => 1)] });
    expect((await run()).failure).toMatchObject({ code: 'TOOL_UNKNOWN' });
  });

  it('give results of any kind back: dates, ids, large integers and maps as JSON, or why they cannot be shown', async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const at = new Date(0);
    const values = [at, 1n, new Map([['a', 1]]), new Set([1]), undefined, 'text', circle, 'x'.repeat(30)];
    const give = tool('give', ({ index }) => values[index]);
    const calls = values.map((_, index) => call('give', { index }));
    const { run } = agentOf([{ calls }, 'Thanks.'], { tools: [give], maxResultChars: 20 });
    const results = (await run()).answered.calls.map(({ result }) => result);
    expect(results.slice(0, 6)).toEqual([
      '"1970-01-01T00:00:00\n[cut off: 6 more characters]',
      '"1"',
      '{"a":1}',
      '[1]',
      'null',
      'text',
    ]);
    expect(JSON.parse(results[6] ?? '')).toMatchObject({
      status: 'completed',
      error: expect.stringContaining('cannot be shown'),
    });
    expect(results[7]).toBe(`${'x'.repeat(20)}\n[cut off: 10 more characters]`);
  });

  it('are named by what they are, so that another attempt that makes them again is known to make the same', async () => {
    const touch = tool('touch', (_, { idempotencyKey }) => idempotencyKey, 'idempotent');
    const same = [call('touch', { a: 1, b: 2 }), { ...call('touch', { b: 2, a: 1 }), id: 'call-1' }];
    const { run, sink } = agentOf([{ calls: same }, 'Done.'], { tools: [touch] });
    await run({ inputText: 'Go.', identity: { runId: 'run-1' } });
    const other = agentOf([{ calls: [call('touch', { b: 2, a: 1 })] }, 'Done.'], { tools: [touch] });
    await other.run({ inputText: 'Go.', identity: { runId: 'run-1' } });
    const [first, second] = seen(sink.events, 'tool.invoked');
    expect(first).not.toBe(second);
    expect(seen(other.sink.events, 'tool.invoked')).toEqual([first]);
  });
});

describe('questions of one stage', () => {
  it('make calls of their own, also if they are the same', async () => {
    const touch = tool('touch', (_, { idempotencyKey }) => idempotencyKey, 'idempotent');
    const model = scriptedModel([{ calls: [call('touch')] }, 'One.', { calls: [call('touch')] }, 'Two.']);
    class Twice extends AgentStage {
      override async execute(ctx: StageContext) {
        const one = await this.ask(ctx, { text: '1' });
        const two = await this.ask(ctx, { text: '2' });
        return { ...two, calls: [...one.calls, ...two.calls] };
      }
    }
    const agent = new Twice(model, { instructions: 'x', tools: [touch], budget: { timeMs: 60_000 } });
    const pipeline = new Pipeline('p').withTools(touch).withStage('a', agent).build();
    const [first, second] = (await pipeline.run({ inputText: 'x' })).of('a').calls;
    expect(first?.callId).not.toBe(second?.callId);
    expect(first?.result).not.toBe(second?.result);
  });
});

describe('the end of an agent', () => {
  it('is AGENT_TURNS_EXHAUSTED when its turns are used up, with everything it has done', async () => {
    let page = 0;
    const next = tool('next', () => ++page);
    const steps = Array.from({ length: 3 }, () => ({ text: 'More.', calls: [call('next')] }));
    const { run, sink } = agentOf(steps, { tools: [next], maxTurns: 3 });
    const { error, status } = await run();
    expect([status, error.code]).toEqual(['fail', 'AGENT_TURNS_EXHAUSTED']);
    expect(error).toBeInstanceOf(AgentStoppedError);
    expect(error.partial).toMatchObject({ text: 'More.', turns: 3, usage: { inputTokens: 30, outputTokens: 15 } });
    expect(error.partial.calls.map(({ result }) => result)).toEqual(['1', '2', '3']);
    const finished = sink.events.flatMap((event) => (isAgentEvent(event, 'agent.finished') ? [event.data] : []));
    expect(finished).toEqual([
      { outcome: 'AGENT_TURNS_EXHAUSTED', turns: 3, inputTokens: 30, outputTokens: 15, promptVersion: null },
    ]);
  });

  it('is AGENT_STAGNATED when the same calls have the same results again and again, also in a circle', async () => {
    const look = tool('look', () => 'nothing');
    const circle = (of: number) => ({ calls: [call('look', { of })] });
    const { run } = agentOf([circle(1), circle(2), circle(1), circle(2), circle(1)], { tools: [look] });
    const { error } = await run();
    expect(error).toMatchObject({ code: 'AGENT_STAGNATED', partial: { turns: 5 } });
  });

  it('is not stagnation while results change', async () => {
    let left = 4;
    const wait = tool('wait', () => --left);
    const waiting = Array.from({ length: 4 }, () => ({ calls: [call('wait')] }));
    expect((await agentOf([...waiting, 'Done.'], { tools: [wait] }).run()).answered.answer).toBe('Done.');
  });

  it('is AGENT_TIMEOUT when its time is over, with what it had done', async () => {
    const clock = new ManualClock();
    const slow = tool(
      'slow',
      (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
      'idempotent',
    );
    const { start } = agentOf(
      [{ text: 'First.', calls: [call('look')] }, { calls: [call('look', { of: 2 }), call('slow')] }],
      { tools: [slow, tool('look', () => 'seen')], budget: { timeMs: 1_000 } },
      { clock },
    );
    const { result } = start();
    await clock.advance(1_000);
    expect((await result).results.stages[0]?.failure).toMatchObject({
      code: 'AGENT_TIMEOUT',
      error: {
        partial: { turns: 2, calls: [{ result: 'seen' }, { turn: 2, result: 'seen' }, { status: 'cancelled' }] },
      },
    });
  });

  it.each(['a tool', 'the model'])(
    'is at once when the run is cancelled during %s: nothing is called any more',
    async (where) => {
      const never = new Promise<never>(() => {});
      const entered = new Gate();
      const hang = tool(
        'hang',
        (_, { signal }) => {
          entered.open();
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        },
        'idempotent',
      );
      const steps = where === 'a tool' ? [{ calls: [call('hang'), call('hang', { of: 2 })] }] : [{ after: never }];
      const { start, model, sink } = agentOf(steps, { tools: [hang], modelRetries: 5 });
      const run = start();
      await (where === 'a tool' ? entered.passed : settle());
      run.cancel('enough');
      expect((await run.result).status).toBe('cancelled');
      expect(model.requests).toHaveLength(1);
      expect(seen(sink.events, 'tool.invoked')).toHaveLength(where === 'a tool' ? 1 : 0);
    },
  );
});

describe('a final answer with a contract', () => {
  const output = z.object({ n: z.number() });

  it.each([
    ['plain', '{"n":1}'],
    ['in a fence', 'Sure:\n```json\n{"n":1}\n```\nBye.'],
    ['after prose', 'The answer is {"n":1}, as you asked.'],
  ])('is found %s', async (_, text) => {
    expect((await agentOf([text], { output }).run()).answered.answer).toEqual({ n: 1 });
  });

  it('goes back to the model with what is wrong, a bounded number of times', async () => {
    const { run, model, sink } = agentOf(['Hello', '{"n":"1"}', '{"n":1}'], { output });
    expect((await run()).answered).toMatchObject({ answer: { n: 1 }, turns: 3 });
    const repairs = model.requests.slice(1).map(({ messages }) => messages.at(-1)?.text);
    expect(repairs).toEqual([
      expect.stringContaining('no valid JSON'),
      expect.stringMatching(/does not keep its schema: n .*number/),
    ]);
    expect(sink.events.filter((event) => isAgentEvent(event, 'agent.answer_refused'))).toHaveLength(2);
  });

  it('is AGENT_ANSWER_INVALID when the chances are used up, and keeps what was said', async () => {
    const { error } = await agentOf(['no', 'no', 'still no'], { output, repairs: 2 }).run();
    expect(error).toMatchObject({ code: 'AGENT_ANSWER_INVALID', partial: { text: 'still no', turns: 3 } });
  });

  it('is asked for by schema, of the instructions and of the model', async () => {
    const { run, model } = agentOf(['{"n":1}'], { output });
    await run();
    expect(model.requests[0]?.messages[0]?.text).toContain('"required":["n"]');
    expect(model.requests[0]?.output).toMatchObject({ schema: { type: 'object', required: ['n'] } });
  });
});

describe('an answer that is none', () => {
  it('is refused if it is empty or was cut off', async () => {
    const cut = { text: 'And so', finish: FinishReason.Length };
    const { run, model } = agentOf(['', cut, 'And so it ends.'], {});
    expect((await run()).answered.answer).toBe('And so it ends.');
    expect(model.lastMessage?.text).toContain('cut off');
  });

  it('is AGENT_ANSWER_INVALID at once if the vendor kept it back, and nothing in it is called', async () => {
    const act = tool('act', () => expect.unreachable(), 'idempotent');
    const kept = { text: 'S', calls: [call('act')], finish: FinishReason.ContentFilter };
    const { error } = await agentOf([kept], { tools: [act] }).run();
    expect(error).toMatchObject({ code: 'AGENT_ANSWER_INVALID', partial: { turns: 1 } });
  });
});

describe('a model that fails', () => {
  const busy = new ModelError({ message: 'Busy.', retryable: true, retryAfterMs: 2_000, status: 429 });

  it('in passing is asked again after the wait it asks for, and what it had said does not count', async () => {
    const clock = new ManualClock();
    const { start, sink } = agentOf([{ text: 'Oh', fail: busy }, 'Hello.'], { modelRetries: 1 }, { clock });
    const run = start();
    await clock.advance(1_999);
    expect(sink.events.some((event) => isAgentEvent(event, 'agent.finished'))).toBe(false);
    await clock.advance(1);
    const { results } = await run.result;
    expect(results.stages[0]?.data).toMatchObject({ answer: 'Hello.', turns: 1 });
    const retried = sink.events.flatMap((event) => (isAgentEvent(event, 'agent.turn_retried') ? [event.data] : []));
    expect(retried).toEqual([{ turn: 1, delayMs: 2_000, code: 'MODEL_FAILED' }]);
  });

  it('and wants to be left alone for long is not waited for', async () => {
    const fail = new ModelError({ message: 'Busy.', retryable: true, retryAfterMs: 3_600_000, status: 429 });
    const { error } = await agentOf([{ fail }], { modelRetries: 3 }).run();
    expect(error.cause).toBe(fail);
  });

  it('is paid for, unless it refused, and nothing stays reserved', async () => {
    const clock = new ManualClock();
    const budget = new Budget({ tokens: 9_000 });
    const fail = new ModelError({ message: 'Broken.', retryable: true, retryAfterMs: 0 });
    const usage = { inputTokens: 0, outputTokens: 0 };
    const steps = [{ fail: busy }, { text: 'x'.repeat(30), fail }, { text: 'Hi.', usage }];
    const { start } = agentOf(steps, { modelRetries: 2, budget }, { clock });
    const { result } = start();
    await clock.advance(2_000);
    await clock.advance(0);
    const { usage: paid } = (await result).results.of('agent') as AgentResult;
    expect(paid.outputTokens).toBe(10);
    expect(budget.spent.tokens).toBe(paid.inputTokens + 10);
    expect(budget.available.tokens).toBe(9_000 - budget.spent.tokens);
  });

  it('for good fails the stage with MODEL_FAILED, without being asked again', async () => {
    const fail = new ModelError({ message: 'No key.', retryable: false, status: 401 });
    const { run, model } = agentOf([{ fail }], { modelRetries: 3 });
    expect((await run()).failure).toMatchObject({ code: 'MODEL_FAILED', error: { cause: fail, retryable: false } });
    expect(model.requests).toHaveLength(1);
  });

  it('after it has done something says what was done, also by an error of its own', async () => {
    const steps = [{ calls: [call('act')] }, { text: 'And then', fail: new TypeError('odd') }];
    const { run } = agentOf(steps, { tools: [tool('act', () => 'done', 'idempotent')] });
    const { failure, error } = await run();
    expect([failure?.code, failure?.retryable]).toEqual(['MODEL_FAILED', false]);
    expect(error.partial).toMatchObject({ turns: 2, text: 'And then', calls: [{ tool: 'act', result: 'done' }] });
  });

  it('by ending in the middle is MODEL_ANSWER_INVALID', async () => {
    const model = { model: 'm', async *stream() {} };
    const agent = new AgentStage(model, { instructions: 'x', modelRetries: 0 });
    const run = new Pipeline('p').withStage('agent', agent).build().start({ inputText: 'x' });
    expect((await run.result).results.stages[0]?.failure?.code).toBe('MODEL_ANSWER_INVALID');
  });
});

describe('options of an agent', () => {
  it.each([
    [{ maxTurns: 0 }, 'maxTurns'],
    [{ stagnation: 1 }, 'stagnation'],
    [{ repairs: 1.5 }, 'repairs'],
    [{ history: 'trust' as never }, 'history'],
    [{ instructions: '' }, 'instructions'],
    [{ budget: { tokens: -1 } }, 'budget'],
    [{ budget: { timeMs: Number.NaN } }, 'budget'],
    [{ output: 'text' as never }, 'output'],
    [{ listed: [class Nothing {} as never, undefined as never] }, 'tools'],
    [{ guards: [{} as never] }, 'guards'],
    [
      { streamTokens: true, guards: [{ side: 'both' as const, check: () => ({ allowed: true as const }) }] },
      'streamTokens',
    ],
  ])('that cannot be used are AGENT_OPTION_INVALID: %j', (setup, option) => {
    const made = () => agentOf([], setup);
    expect(made).toThrow(StageflowError);
    expect(made).toThrow(expect.objectContaining({ code: 'AGENT_OPTION_INVALID' }));
    expect(made).toThrow(new RegExp(option === 'streamTokens' ? 'streams tokens' : option.replace(/s$/, '')));
  });

  it('tell the version of the prompt in the result', async () => {
    const { run, model } = agentOf(['Hi.'], { instructions: prompt('talk/v2', 'Be brief.') });
    expect((await run()).answered.promptVersion).toBe('talk/v2');
    expect(model.requests[0]?.messages[0]?.text).toBe('Be brief.');
  });

  it('must leave something to be asked', async () => {
    expect((await agentOf([]).run({})).failure?.code).toBe('AGENT_OPTION_INVALID');
  });
});
