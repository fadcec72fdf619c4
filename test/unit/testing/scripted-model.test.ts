import { describe, expect, it } from 'vitest';
import type { ModelPart, ModelRequest } from '../../../src/agents/index.js';
import { type ModelScript, scriptedModel } from '../../../src/testing/index.js';

const REQUEST: ModelRequest = {
  messages: [{ role: 'user', text: 'Hi' }],
  tools: [],
  output: null,
  maxOutputTokens: null,
  temperature: null,
};

async function ask(model: ReturnType<typeof scriptedModel>): Promise<ModelPart[]> {
  const parts: ModelPart[] = [];
  for await (const part of model.stream(REQUEST, new AbortController().signal)) parts.push(part);
  return parts;
}

const mismatch = (of: ModelScript, times: number) => {
  const model = scriptedModel(of);
  const asked = (async () => {
    for (let time = 0; time < times; time++) await ask(model);
  })();
  return { model, asked };
};

describe('a scripted model', () => {
  it('says what its script says, in pieces, and remembers what it was asked', async () => {
    const model = scriptedModel([{ text: 'Let me see.', calls: [{ tool: 'look', input: { at: 1 } }] }, 'Fine.']);
    expect(await ask(model)).toEqual([
      ...['Let ', 'me ', 'see.'].map((text) => ({ type: 'text', text })),
      { type: 'call', id: 'call-1', name: 'look', arguments: '{"at":1}' },
      { type: 'usage', inputTokens: 10, outputTokens: 5 },
      { type: 'finish', reason: 'tool-calls' },
    ]);
    expect(await ask(model)).toMatchObject([{ text: 'Fine.' }, { type: 'usage' }, { reason: 'stop' }]);
    expect([model.requests.length, model.lastMessage]).toEqual([2, { role: 'user', text: 'Hi' }]);
    model.assertComplete();
  });

  it('fails with TEST_SCRIPT_MISMATCH if it is asked too often, and says so in the end', async () => {
    const { model, asked } = mismatch(['Once.'], 2);
    await expect(asked).rejects.toMatchObject({ code: 'TEST_SCRIPT_MISMATCH' });
    expect(() => model.assertComplete()).toThrow('asked 2 times');
  });

  it('says so in the end if it was asked too seldom', async () => {
    const { model, asked } = mismatch(['Once.', 'Twice.'], 1);
    await asked;
    expect(() => model.assertComplete()).toThrow('1 of its 2 turns');
  });

  it('fails with what an expectation threw', async () => {
    const expectation = ({ messages }: ModelRequest) => expect(messages).toHaveLength(2);
    const { model, asked } = mismatch([{ expect: expectation }], 1);
    await expect(asked).rejects.toMatchObject({ code: 'TEST_SCRIPT_MISMATCH' });
    expect(() => model.assertComplete()).toThrow('Turn 1');
  });

  it('goes on with its last turn if it may', async () => {
    const model = scriptedModel(['Again.'], { repeatLast: true, model: 'parrot' });
    await ask(model);
    expect([model.model, (await ask(model))[0]]).toEqual(['parrot', { type: 'text', text: 'Again.' }]);
    model.assertComplete();
  });
});
