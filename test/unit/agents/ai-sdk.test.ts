import { APICallError, type LanguageModelV3StreamPart } from '@ai-sdk/provider';
import { simulateReadableStream } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aiSdkModel } from '../../../src/agents/ai-sdk/index.js';
import { AgentStage } from '../../../src/agents/index.js';
import { Pipeline, StageKind } from '../../../src/index.js';
import { settle } from '../../../src/testing/index.js';
import { tool } from './asked.js';

type Part = LanguageModelV3StreamPart;

const usage = (input: number | undefined, output: number | undefined) => ({
  inputTokens: { total: input, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: output, text: undefined, reasoning: undefined },
});
const finish = (unified: 'stop' | 'tool-calls', used = usage(10, 5)): Part => ({
  type: 'finish',
  usage: used,
  finishReason: { unified, raw: unified },
});
const text = (delta: string): Part[] => [
  { type: 'text-start', id: '0' },
  { type: 'text-delta', id: '0', delta },
  { type: 'text-end', id: '0' },
];
const turns = (...chunks: Part[][]) =>
  new MockLanguageModelV3({
    provider: 'mock',
    modelId: 'mock-1',
    doStream: chunks.map((one) => ({
      stream: simulateReadableStream({ chunks: one, initialDelayInMs: null, chunkDelayInMs: null }),
    })),
  });

const echo = tool('echo', (input) => input);
const asking = (model: MockLanguageModelV3, more = {}) => {
  const agent = new AgentStage(aiSdkModel(model), { instructions: 'Answer.', tools: [echo], modelRetries: 0, ...more });
  return new Pipeline('p').withTools(echo).withStage('agent', agent, StageKind.Agent).build();
};

describe('a language model of the AI SDK', () => {
  it('works through a whole agent, and sees its signed thoughts again as they were', async () => {
    const signature = { mock: { signature: 's' } };
    const model = turns(
      [
        { type: 'stream-start', warnings: [] },
        { type: 'reasoning-start', id: '0' },
        { type: 'reasoning-delta', id: '0', delta: 'Hm.' },
        { type: 'reasoning-end', id: '0', providerMetadata: signature },
        ...text('Wait.'),
        { type: 'tool-call', toolCallId: 'a', toolName: 'echo', input: '{"x":1}', providerMetadata: signature },
        { type: 'tool-call', toolCallId: 'a', toolName: 'echo', input: '{"x":' },
        finish('tool-calls'),
      ],
      [...text('Done.'), finish('stop', usage(undefined, undefined))],
    );
    const { answer, calls, usage: used } = (await asking(model).run({ inputText: 'Go.' })).of('agent');
    expect([answer, calls.map(({ status }) => status)]).toEqual(['Done.', ['completed', 'unresolved']]);
    expect(used.inputTokens).toBeGreaterThan(10); // the second turn is an estimate
    const [first, second] = model.doStreamCalls;
    expect(first).toMatchObject({ tools: [{ type: 'function', name: 'echo', inputSchema: { type: 'object' } }] });
    expect(second?.prompt.slice(2)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', providerOptions: signature },
          { type: 'text', text: 'Wait.' },
          { type: 'tool-call', toolCallId: 'a', toolName: 'echo', input: { x: 1 }, providerOptions: signature },
          { type: 'tool-call', toolCallId: 'a#2', toolName: 'echo', input: { unreadable: '{"x":' } },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'a', toolName: 'echo', output: { type: 'text', value: '{"x":1}' } },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'a#2',
            toolName: 'echo',
            output: { type: 'error-text', value: expect.any(String) },
          },
        ],
      },
    ]);
  });

  it('is asked for what the agent may have, and for the schema of the answer if it can be held to it', async () => {
    const model = turns([...text('{"n":1}'), finish('stop')]);
    const agent = new AgentStage(
      aiSdkModel(model, { structuredOutput: true, providerOptions: { mock: { fast: true } } }),
      {
        instructions: 'Answer.',
        output: z.object({ n: z.number() }),
        maxOutputTokens: 50,
        temperature: 0,
      },
    );
    const results = await new Pipeline('p').withStage('agent', agent).build().run({ inputText: 'x' });
    expect(results.of('agent').answer).toEqual({ n: 1 });
    expect(model.doStreamCalls[0]).toMatchObject({
      ...{ maxOutputTokens: 50, temperature: 0, providerOptions: { mock: { fast: true } } },
      responseFormat: { type: 'json', schema: { type: 'object', required: ['n'] } },
    });
  });

  it.each([
    [429, { 'retry-after': '2' }, { retryable: true, retryAfterMs: 2_000, status: 429 }],
    [401, {}, { retryable: false, status: 401 }],
  ])(
    'that answers with status %i is a MODEL_FAILED that says whether asking again helps',
    async (statusCode, responseHeaders, expected) => {
      const doStream = () => {
        throw new APICallError({ message: 'no', url: 'http://x', requestBodyValues: {}, statusCode, responseHeaders });
      };
      const { result } = asking(new MockLanguageModelV3({ doStream })).start({ inputText: 'x' });
      const failure = (await result).results.stages[0]?.failure;
      expect(failure).toMatchObject({ code: 'MODEL_FAILED', error: { cause: expected } });
    },
  );

  it('that fails in the middle of its stream is a MODEL_FAILED', async () => {
    const model = turns([...text('Oh'), { type: 'error', error: new TypeError('odd') }]);
    const { result } = asking(model).start({ inputText: 'x' });
    expect((await result).results.stages[0]?.failure?.code).toBe('MODEL_FAILED');
  });

  it('is told when the run is cancelled', async () => {
    const model = new MockLanguageModelV3({ doStream: () => new Promise(() => {}) });
    const run = asking(model).start({ inputText: 'x' });
    await settle();
    run.cancel('enough');
    expect((await run.result).status).toBe('cancelled');
    expect(model.doStreamCalls[0]?.abortSignal?.aborted).toBe(true);
  });
});
