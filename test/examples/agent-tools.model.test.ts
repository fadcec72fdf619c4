import { afterEach, describe, expect, it, vi } from 'vitest';
import { script } from '../../examples/agent-tools/script.js';
import { reachModel } from '../../examples/support/reach-model.js';
import type { ModelRequest } from '../../src/agents/index.js';

const REQUEST: ModelRequest = {
  messages: [{ role: 'user', text: 'Hi' }],
  tools: [],
  output: null,
  maxOutputTokens: 7,
  temperature: null,
};

afterEach(() => vi.unstubAllGlobals());

/** What is sent to an endpoint, which answers with nothing. */
async function sentTo(baseUrl: string, env: NodeJS.ProcessEnv = {}) {
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response('data: [DONE]\n\n'));
  vi.stubGlobal('fetch', fetch);
  await using reached = await reachModel(script(), { OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: 'tea-1', ...env });
  for await (const _ of reached.model.stream(REQUEST, new AbortController().signal));
  const [url, { body, headers }] = fetch.mock.calls[0] ?? ['', {}];
  return { described: reached.described, url, headers, body: JSON.parse(String(body)) };
}

describe('the model of an example', () => {
  it.each([
    ['https://api.openai.com/v1', 'max_completion_tokens'],
    ['http://localhost:11434/v1', 'max_tokens'],
  ])('at %s is told its limit as %s', async (baseUrl, field) => {
    const { described, url, headers, body } = await sentTo(baseUrl);
    expect([described, url]).toEqual([`Model: tea-1, at ${new URL(baseUrl).host}`, `${baseUrl}/chat/completions`]);
    expect(body).toMatchObject({ model: 'tea-1', [field]: 7 });
    expect(headers).not.toHaveProperty('authorization');
  });

  it('is given the key', async () => {
    const { headers } = await sentTo('https://api.openai.com/v1', { OPENAI_API_KEY: 'open-sesame' });
    expect(headers).toMatchObject({ authorization: 'Bearer open-sesame' });
  });

  it('is a script where no endpoint is named, whatever else is', async () => {
    await using reached = await reachModel(script(), { OPENAI_API_KEY: 'open-sesame', OPENAI_MODEL: 'tea-1' });
    expect(reached.model.model).toBe('script');
    expect(reached.described).toContain('a script, behind a server on this machine');
  });
});
