import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ModelServer, startModelServer } from '../../../examples/support/openai-server.js';
import {
  AgentStage,
  ModelError,
  type ModelPart,
  type ModelRequest,
  type OpenAiCompatibleOptions,
  openAiCompatible,
} from '../../../src/agents/index.js';
import { serverSentEvents } from '../../../src/agents/openai/server-sent-events.js';
import { classifyError, defineTool, Pipeline, StageKind } from '../../../src/index.js';
import { scriptedModel } from '../../../src/testing/index.js';

const REQUEST: ModelRequest = {
  messages: [
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'Hi' },
  ],
  tools: [],
  output: null,
  maxOutputTokens: null,
  temperature: null,
};

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A server that answers everything in one way. */
async function serverThat(answer: (response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function modelServer(...args: Parameters<typeof startModelServer>): Promise<ModelServer> {
  const server = await startModelServer(...args);
  open.push(server);
  return server;
}

async function ask(baseUrl: string, options: Partial<OpenAiCompatibleOptions> = {}, request = REQUEST) {
  const parts: ModelPart[] = [];
  const model = openAiCompatible({ baseUrl, model: 'm', ...options });
  for await (const part of model.stream(request, new AbortController().signal)) parts.push(part);
  return parts;
}

async function failureOf(baseUrl: string, options: Partial<OpenAiCompatibleOptions> = {}): Promise<ModelError> {
  const failure = await ask(baseUrl, options).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ModelError);
  return failure as ModelError;
}

const events = (...data: string[]) => data.map((text) => `data: ${text}\n\n`).join('');
const chunk = (delta: object, finish: string | null = null) =>
  JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] });
const streaming = (text: string) =>
  serverThat((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(text);
  });

describe('a model behind an OpenAI-compatible server', () => {
  it('works through a whole agent, tool calls and usage included', async () => {
    const add = defineTool({
      name: 'add',
      description: 'Adds.',
      input: z.object({ a: z.number(), b: z.number() }),
      effect: 'read',
      execute: ({ a, b }) => a + b,
    });
    const script = scriptedModel([
      {
        text: 'Wait.',
        calls: [
          { tool: 'add', input: { a: 20, b: 22 } },
          { tool: 'add', input: { a: 1, b: 1 } },
        ],
      },
      'It is 42.',
    ]);
    const server = await modelServer(script, { apiKey: 'k' });
    const model = openAiCompatible({ baseUrl: server.url, apiKey: () => 'k', model: 'm' });
    const agent = new AgentStage(model, { instructions: 'Add.', tools: [add] });
    const pipeline = new Pipeline('adding').withTools(add).withStage('agent', agent, StageKind.Agent).build();
    const { answer, calls, usage } = (await pipeline.run({ inputText: '20 + 22?' })).of('agent');
    expect(answer).toBe('It is 42.');
    expect(calls.map(({ result }) => result)).toEqual(['42', '2']);
    expect(usage).toMatchObject({ inputTokens: 20, outputTokens: 10 });
    expect(server.requests[1]?.messages.slice(2)).toEqual([
      { role: 'assistant', content: 'Wait.', tool_calls: expect.any(Array) },
      { role: 'tool', tool_call_id: 'call-1', content: '42' },
      { role: 'tool', tool_call_id: 'call-2', content: '2' },
    ]);
    expect(server.requests[0]?.tools?.[0]?.function).toMatchObject({
      name: 'add',
      parameters: { type: 'object', required: ['a', 'b'] },
    });
    script.assertComplete();
  });

  it('sends limits, and the schema of the answer where the server can hold the model to it', async () => {
    const server = await modelServer(scriptedModel(['{}'], { repeatLast: true }));
    const output = { name: 'answer/v2', schema: { type: 'object' } };
    const request = { ...REQUEST, output, maxOutputTokens: 7, temperature: 0 };
    await ask(server.url, { structuredOutput: true, extraBody: { seed: 1, model: 'other' } }, request);
    await ask(server.url, { maxTokensField: 'max_completion_tokens' }, request);
    expect(server.requests[0]).toMatchObject({
      ...{ model: 'm', seed: 1, max_tokens: 7, temperature: 0 },
      response_format: { type: 'json_schema', json_schema: { name: 'answer_v2', schema: { type: 'object' } } },
    });
    expect(server.requests[1]).toMatchObject({ max_completion_tokens: 7 });
    expect(server.requests[1]).not.toHaveProperty('response_format');
  });

  it('reads a server that does not stream', async () => {
    const body = {
      choices: [
        {
          message: { content: 'Hi.', tool_calls: [{ id: 'a', function: { name: 'f', arguments: { x: 1 } } }] },
          finish_reason: 'tool_calls',
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 2 },
    };
    const url = await serverThat((response) => {
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(JSON.stringify(body));
    });
    expect(await ask(url)).toEqual([
      { type: 'usage', inputTokens: 3, outputTokens: 2 },
      { type: 'text', text: 'Hi.' },
      { type: 'call', id: 'a', name: 'f', arguments: '{"x":1}' },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });

  it('puts calls together whose pieces come without an index, and mixed', async () => {
    const call = (piece: object) => chunk({ tool_calls: [piece] });
    const url = await streaming(
      events(
        call({ id: 'a', function: { name: 'f', arguments: '{"x"' } }),
        call({ function: { arguments: ':1}' } }),
        call({ index: 5, id: 'b', function: { name: 'g', arguments: '{' } }),
        call({ index: 6, id: 'c', function: { name: 'h', arguments: '{}' } }),
        call({ index: 5, function: { arguments: '}' } }),
        chunk({}, 'tool_calls'),
        '[DONE]',
      ),
    );
    expect((await ask(url)).filter(({ type }) => type === 'call')).toEqual([
      { type: 'call', id: 'a', name: 'f', arguments: '{"x":1}' },
      { type: 'call', id: 'b', name: 'g', arguments: '{}' },
      { type: 'call', id: 'c', name: 'h', arguments: '{}' },
    ]);
  });

  it('gives back to the server what it signed a call with', async () => {
    const signed = { google: { thought_signature: 's' } };
    const piece = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' }, extra_content: signed };
    const url = await streaming(events(chunk({ tool_calls: [piece] }, 'tool_calls')));
    const parts = await ask(url);
    expect(parts.map(({ type }) => type)).toEqual(['call', 'opaque', 'finish']);
    const { data } = parts[1] as Extract<ModelPart, { type: 'opaque' }>;
    const server = await modelServer(scriptedModel(['Hi.']));
    const calls = [
      { id: 'a', name: 'f', arguments: '{}' },
      { id: 'b', name: 'f', arguments: '{}' },
    ];
    await ask(server.url, {}, { ...REQUEST, messages: [{ role: 'assistant', text: '', calls, opaque: data }] });
    const [first, second] = server.requests[0]?.messages[0]?.tool_calls ?? [];
    expect(first).toMatchObject({ id: 'a', extra_content: signed });
    expect(second).not.toHaveProperty('extra_content');
  });

  it('gives neither calls nor an end if the connection ends in the middle', async () => {
    const url = await streaming(events(chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f' } }] })));
    expect(await ask(url)).toEqual([]);
  });

  it('says that a refusal is none of its answers', async () => {
    const url = await streaming(events(chunk({ refusal: 'No.' }, 'stop')));
    expect((await ask(url)).at(-1)).toEqual({ type: 'finish', reason: 'content-filter' });
  });
});

describe('what goes wrong at the server', () => {
  it.each([
    [
      429,
      { 'retry-after': '3' },
      { code: 'rate_limit_exceeded' },
      { retryable: true, retryAfterMs: 3_000 },
      'transient',
    ],
    [429, {}, { code: 'insufficient_quota' }, { retryable: false }, 'policy'],
    [401, {}, { code: 'invalid_api_key' }, { retryable: false }, 'policy'],
    [400, {}, { code: 'context_length_exceeded' }, { retryable: false }, 'permanent'],
    [503, {}, {}, { retryable: true }, 'transient'],
  ] as const)(
    'is a MODEL_FAILED with status %i that says whether asking again helps',
    async (status, headers, error, expected, category) => {
      const url = await serverThat((response) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify({ error: { message: 'You sent sk-secret', ...error } }));
      });
      const failure = await failureOf(url, { apiKey: 'sk-secret' });
      expect(failure).toMatchObject({ code: 'MODEL_FAILED', status, ...expected });
      expect(classifyError(failure)).toMatchObject({ category, ...expected });
      expect(JSON.stringify([failure.message, failure, String(failure.cause)])).not.toContain('sk-secret');
    },
  );

  it('is a MODEL_FAILED if the server cannot be reached, or sends the client elsewhere', async () => {
    const gone = await startModelServer(scriptedModel([]));
    await gone.close();
    expect(await failureOf(gone.url)).toMatchObject({ code: 'MODEL_FAILED', retryable: true, status: null });
    const url = await serverThat((response) => {
      response.writeHead(307, { location: 'http://127.0.0.1:1/' });
      response.end();
    });
    expect(await failureOf(url)).toMatchObject({ code: 'MODEL_FAILED', status: null });
  });

  it('is a MODEL_FAILED if an error comes in the middle of an answer', async () => {
    const url = await streaming(events(chunk({ content: 'a' }), '{"error":{"code":"server_error","message":"x"}}'));
    expect(await failureOf(url)).toMatchObject({ code: 'MODEL_FAILED', retryable: true });
  });

  it.each(['<html>', '[]', '"x"'])('is a MODEL_ANSWER_INVALID if it sends %s', async (text) => {
    expect(await failureOf(await streaming(events(text)))).toMatchObject({ code: 'MODEL_ANSWER_INVALID' });
  });

  it('takes a key whose line end came along, and never repeats one that cannot be sent', async () => {
    const server = await modelServer(scriptedModel(['Hi.']), { apiKey: 'sk-secret' });
    expect(await ask(server.url, { apiKey: 'sk-secret\n' })).not.toEqual([]);
    const failure = await ask(server.url, { apiKey: 'sk-secret\nx' }).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'AGENT_OPTION_INVALID' });
    expect(String(failure)).not.toContain('sk-secret');
  });

  it('ends with the reason of the signal when nobody listens any more', async () => {
    const stop = new AbortController();
    const url = await serverThat((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(events(chunk({ content: 'a' })));
    });
    const model = openAiCompatible({ baseUrl: url, model: 'm' });
    const reading = (async () => {
      for await (const _ of model.stream(REQUEST, stop.signal)) stop.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
  });

  it.each([
    { baseUrl: 'localhost:1', model: 'm' },
    { baseUrl: 'file:///x', model: 'm' },
    { baseUrl: 'http://a', model: '' },
  ])('cannot be made of %j', (options) =>
    expect(() => openAiCompatible(options)).toThrow(expect.objectContaining({ code: 'AGENT_OPTION_INVALID' })),
  );
});

describe('server-sent events', () => {
  it('are the same however their bytes are cut, and with whichever line ends', async () => {
    const data = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, ' '));
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(
        fc.array(data),
        lineEnd,
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        async (all, end, cuts) => {
          const bytes = new TextEncoder().encode(all.map((text) => `: note${end}data: ${text}${end}${end}`).join(''));
          async function* pieces() {
            for (let at = 0; at < bytes.length; ) {
              const size = cuts.next().value;
              yield bytes.slice(at, at + size);
              at += size;
            }
          }
          const seen: string[] = [];
          for await (const text of serverSentEvents(pieces())) seen.push(text);
          expect(seen).toEqual(all);
        },
      ),
      { numRuns: 100 },
    );
  });
});
