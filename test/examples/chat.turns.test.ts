import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../examples/chat/command-line.js';
import { script } from '../../examples/chat/script.js';
import { Documents } from '../../examples/chat/services/documents.js';
import { Profiles } from '../../examples/chat/services/profiles.js';
import { talk } from '../../examples/chat/talk.js';
import { typedLines } from '../../examples/chat/typed-lines.js';
import { reachModel } from '../../examples/support/reach-model.js';
import type { ModelPart, ModelProvider } from '../../src/agents/index.js';
import { AuthContext } from '../../src/index.js';
import { Gate, ManualClock, scriptedModel } from '../../src/testing/index.js';
import { chatWith, opened, paper, SHIPPING, say } from './chat-fixture.js';

describe('a turn', () => {
  it('shows the answer as it comes, through the server on this machine', async () => {
    const gate = new Gate();
    const slow: ModelProvider = {
      model: 'slow',
      async *stream(): AsyncGenerator<ModelPart> {
        yield { type: 'text', text: 'Three to ' };
        await gate.pass();
        yield { type: 'text', text: 'five days. [shipping.md]' };
        yield { type: 'finish', reason: 'stop' };
      },
    };
    const reached = await reachModel(slow, {});
    opened.push(async () => reached[Symbol.asyncDispose]());
    const chat = await chatWith(reached.model);
    const shown = paper();
    const firstWords = new Gate();
    const watching = {
      write(text: string) {
        shown.write(text);
        if (text.includes('Three')) firstWords.open();
      },
    };
    const turn = talk(chat, SHIPPING, watching);
    await Promise.all([gate.reached, firstWords.passed]);
    expect(shown.text()).toBe(`\nYou:  ${SHIPPING}\nShop: Three to `);
    gate.open();
    expect(await turn).toEqual({ status: 'answered', answer: 'Three to five days. [shipping.md]' });
    expect(shown.text()).toBe(`\nYou:  ${SHIPPING}\nShop: Three to five days. [shipping.md]\n`);
  });

  it('looks up the profile and searches the documents at the same time', async () => {
    const both = new Gate();
    let begun = 0;
    const begin = async (): Promise<void> => {
      begun += 1;
      if (begun === 2) both.open();
      await both.passed;
    };
    const found = [{ document: 'shipping.md', text: 'Three days.' }];
    const overrides = [
      { provide: Documents, useValue: { search: () => begin().then(() => found) } },
      { provide: Profiles, useValue: { find: () => begin().then(() => null) } },
    ];
    const chat = await chatWith(script(), { overrides });
    expect(await say(chat, SHIPPING)).toEqual({ status: 'answered', answer: 'Three days. [shipping.md]' });
  });

  it('searches no documents for a greeting', async () => {
    const search = (): never => {
      throw new Error('nobody asked anything');
    };
    const chat = await chatWith(script(), { overrides: [{ provide: Documents, useValue: { search } }] });
    expect(await say(chat, 'Good morning!')).toMatchObject({ answer: 'Hello Ann! What would you like to know?' });
  });

  it('answers without what could not be looked up', async () => {
    const broken = (): Promise<never> => Promise.reject(new Error('the disk is gone'));
    const overrides = [
      { provide: Documents, useValue: { search: broken } },
      { provide: Profiles, useValue: { find: broken } },
    ];
    const chat = await chatWith(script(), { overrides });
    expect(await say(chat, 'Hello!')).toMatchObject({ answer: 'Hello there! What would you like to know?' });
    expect(await say(chat, SHIPPING)).toMatchObject({ status: 'answered', answer: 'That I do not know.' });
  });

  it('is told whose profile it is by the caller, not by what is typed', async () => {
    const bo = AuthContext.verified({ userId: 'bo' });
    const chat = await chatWith(script(), { auth: bo });
    expect(await say(chat, 'Hello, I am ann')).toMatchObject({ answer: 'Hello Bo! What would you like to know?' });
    const nobody = await chatWith(script(), { auth: AuthContext.anonymous });
    expect(await say(nobody, 'Hello')).toMatchObject({ answer: 'Hello there! What would you like to know?' });
  });

  it('begins again where the connection breaks, and says so', async () => {
    const clock = new ManualClock();
    const broken = Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    const model = scriptedModel([{ text: 'Three to five ', fail: broken }, 'Three to five days.']);
    const chat = await chatWith(model, { clock });
    const shown = paper();
    const impatient = {
      write(text: string) {
        shown.write(text);
        if (text.includes('once more')) void clock.advance(500);
      },
    };
    expect(await talk(chat, SHIPPING, impatient)).toMatchObject({ answer: 'Three to five days.' });
    expect(shown.text()).toContain('Shop: Three to five … once more:\n      Three to five days.\n');
  });
});

describe('the command line', () => {
  it.each([
    ['an empty line', 'Hello\nBye\n\nWait\n', false],
    ['the end of the input', 'Hello\nBye', true],
  ])('reads questions until %s, and lets go of the input', async (_, typed, ends) => {
    const input = new PassThrough();
    if (ends) input.end(typed);
    else input.write(typed);
    const questions: string[] = [];
    for await (const line of typedLines(input, new AbortController().signal)) questions.push(line);
    expect(questions).toEqual(['Hello', 'Bye']);
    expect(input.isPaused()).toBe(true);
  });

  it('takes questions, or reads them, and not both', () => {
    expect(parseCommandLine(['Hello', 'Bye'])).toEqual({ help: false, talk: false, questions: ['Hello', 'Bye'] });
    expect(parseCommandLine(['--talk'])).toMatchObject({ talk: true, questions: [] });
    expect(() => parseCommandLine(['--talk', 'Hello'])).toThrow('--talk reads the questions: give none.');
    expect(() => parseCommandLine(['--loud'])).toThrow("Unknown option '--loud'");
  });
});
