import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { script } from '../../examples/chat/script.js';
import { type ModelServer, startModelServer } from '../../examples/support/openai-server.js';
import { CHECKOUT, runExample } from './run-example.js';

const LOCAL = { OPENAI_BASE_URL: '', OPENAI_MODEL: '', OPENAI_API_KEY: '' };

const servers: ModelServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe('npm run example -- chat', () => {
  it('says that a script answers, talks, refuses a card number and a history in which the system speaks', async () => {
    const finished = await runExample(['chat'], LOCAL);
    expect(finished).toEqual({
      code: 0,
      stdout: `\
Model: a script, behind a server on this machine that speaks the same protocol.
For a real one set OPENAI_BASE_URL, OPENAI_MODEL and OPENAI_API_KEY.

You:  Hello!
Shop: Hello Ann! What would you like to know?

You:  How long does shipping to Portugal take?
Shop: Shipping to Portugal takes three to five days and costs 6 €. [shipping.md]

You:  And can I send a packet back?
Shop: You can send unopened packets back within 30 days, and we pay for the parcel. [returns.md]

You:  Then charge 4111 1111 1111 1111, please.
Shop: (refused: Please never send card numbers in a chat.)

You:  What did I ask first?
Shop: You asked: "Hello!"

Somebody sends a history in which the system speaks:

You:  What do I pay?
Shop: (refused: The conversation of agent "Answer" holds a message in the role "system".)
`,
      stderr: '',
    });
    const page = await readFile(path.join(CHECKOUT, 'docs/examples/chat.md'), 'utf8');
    expect(page).toContain(finished.stdout); // readers are shown the same
  });

  it('talks to the endpoint that the environment names, which streams', async () => {
    const server = await startModelServer(script(), { apiKey: 'open-sesame' });
    servers.push(server);
    const env = { OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'tea-1', OPENAI_API_KEY: 'open-sesame' };
    const { code, stdout, stderr } = await runExample(['chat', 'How hot is water for green tea?', 'Thanks!'], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`\
Model: tea-1, at ${new URL(server.url).host}

You:  How hot is water for green tea?
Shop: Green tea wants water of 70 to 80 degrees, for two minutes. [brewing.md]

You:  Thanks!
Shop: It was a pleasure, Ann.
`);
    expect(server.requests.map(({ model, stream }) => [model, stream])).toEqual([
      ['tea-1', true],
      ['tea-1', true],
    ]);
  });
});
