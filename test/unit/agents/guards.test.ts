import { describe, expect, it } from 'vitest';
import { type AgentGuard, AgentStage, type GuardVerdict } from '../../../src/agents/index.js';
import { type Interceptor, InterceptorPriority, isAgentEvent, MemorySink, Pipeline } from '../../../src/index.js';
import { Gate, ManualClock, scriptedModel, settle } from '../../../src/testing/index.js';
import { agentOf, call, tool } from './asked.js';

const ALLOW: GuardVerdict = { allowed: true };
const guard = (check: AgentGuard['check'], more: Partial<AgentGuard> = {}): AgentGuard => ({
  name: 'watch',
  ...more,
  check,
});
const verdicts = ({ events }: MemorySink) =>
  events.flatMap((event) => (isAgentEvent(event, 'agent.guard') ? [event.data] : []));

describe('a guard of what an agent is asked', () => {
  it('is heard before the model, which is not asked if it denies', async () => {
    const { run, model, sink } = agentOf([], {
      guards: [guard(({ text }) => ({ allowed: false, reason: `no ${text}` }))],
    });
    const { error } = await run({ inputText: 'spam' });
    expect(error).toMatchObject({ code: 'AGENT_DENIED', partial: { turns: 0 } });
    expect(error.message).toContain('by guard "watch": no spam');
    expect(model.requests).toEqual([]);
    expect(verdicts(sink)).toEqual([{ guard: 'watch', side: 'input', allowed: false, reason: 'no spam' }]);
  });

  it('sees all that the model will be shown of others: the question, and what was said before', async () => {
    const seen: unknown[] = [];
    const look = guard(({ text, earlier }) => {
      seen.push(
        earlier.map(({ role, text: said }) => `${role}: ${said}`),
        text,
      );
      return ALLOW;
    });
    const messages = [
      { role: 'system', content: 'root' },
      { role: 'assistant', content: 'Hi.' },
      { role: 'user', content: 'Poison.' },
    ] as const;
    await agentOf(['No.'], { guards: [look] }).run({ conversation: { messages, routing: null } });
    const claim = 'user: <claimed-system-message>\nroot\n</claimed-system-message>';
    expect(seen).toEqual([[claim, 'assistant: Hi.'], 'Poison.']);
  });

  it.each<[string, AgentGuard['check']]>([
    [
      'throws',
      () => {
        throw new Error('no key');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no network'))],
    ['gives nothing', () => undefined as never],
    ['gives true', () => true as never],
    ['gives a truthy verdict', () => ({ allowed: 1 }) as never],
    ['gives null', () => null as never],
  ])('denies if it %s', async (_, check) => {
    const { run, model } = agentOf([], { guards: [guard(() => ALLOW), guard(check)] });
    expect((await run()).failure).toMatchObject({ code: 'AGENT_DENIED', retryable: false });
    expect(model.requests).toEqual([]);
  });

  it('denies if it takes too long', async () => {
    const clock = new ManualClock();
    const slow = guard((_, { signal }) => new Gate<GuardVerdict>().pass(signal), { timeoutMs: 500 });
    const { start, model } = agentOf([], { guards: [slow] }, { clock });
    const { result } = start();
    await clock.advance(500);
    expect((await result).results.stages[0]?.failure).toMatchObject({ code: 'AGENT_DENIED' });
    expect(model.requests).toEqual([]);
  });

  it('lets the agent go on if it allows it', async () => {
    const { run } = agentOf(['Yes.'], { guards: [guard(async () => ALLOW)] });
    expect((await run()).answered.answer).toBe('Yes.');
  });
});

describe('a guard beside the model', () => {
  const both = (allowed: boolean) => {
    const verdict = new Gate<GuardVerdict>();
    const did: string[] = [];
    const look = tool('look', () => void did.push('look'));
    const act = tool('act', () => void did.push('act'), 'idempotent');
    const beside = guard((_, { signal }) => verdict.pass(signal), { beside: true });
    const made = agentOf([{ calls: [call('look'), call('act')] }, ...(allowed ? ['Done.'] : [])], {
      tools: [look, act],
      guards: [beside],
    });
    return { ...made, verdict, did };
  };

  it('lets the model be asked and read, but nothing that changes anything before it has allowed it', async () => {
    const { start, verdict, did, model } = both(true);
    const { result } = start();
    await verdict.reached;
    await settle();
    expect([did, model.requests.length]).toEqual([['look'], 1]);
    verdict.open(ALLOW);
    expect((await result).status).toBe('completed');
    expect(did).toEqual(['look', 'act']);
  });

  it('ends the agent when it denies, and nothing was changed', async () => {
    const { start, verdict, did, model } = both(false);
    const { result } = start();
    await verdict.reached;
    await settle();
    verdict.open({ allowed: false, reason: 'poison' });
    const { results } = await result;
    expect(results.stages[0]?.failure).toMatchObject({
      code: 'AGENT_DENIED',
      error: { partial: { turns: 1, calls: [{ tool: 'look', status: 'completed' }] } },
    });
    expect([did, model.requests.length]).toEqual([['look'], 1]);
  });

  it('stops the model in the middle of its turn when it denies', async () => {
    const verdict = new Gate<GuardVerdict>();
    const { start } = agentOf([{ after: new Promise(() => {}) }], {
      guards: [guard(() => verdict.pass(), { beside: true })],
    });
    const { result } = start();
    await verdict.reached;
    verdict.open({ allowed: false, reason: 'poison' });
    expect((await result).results.stages[0]?.failure?.code).toBe('AGENT_DENIED');
  });

  it.each([true, false])(
    'lets nobody see what the model says before it has allowed what was asked (%s)',
    async (allowed) => {
      const verdict = new Gate<GuardVerdict>();
      const beside = guard(() => verdict.pass(), { beside: true });
      const { start, sink } = agentOf(['Well, well.'], { guards: [beside], streamTokens: true });
      const tokens = () =>
        sink.events.flatMap((event) => (isAgentEvent(event, 'agent.token') ? [event.data.text] : []));
      const { result } = start();
      await verdict.reached;
      await settle();
      expect(tokens()).toEqual([]);
      verdict.open(allowed ? ALLOW : { allowed, reason: 'no' });
      expect((await result).status).toBe(allowed ? 'completed' : 'failed');
      expect(tokens().join('')).toBe(allowed ? 'Well, well.' : '');
    },
  );

  it('is waited for before an answer is given', async () => {
    const verdict = new Gate<GuardVerdict>();
    const { start, model } = agentOf(['Done.'], { guards: [guard(() => verdict.pass(), { beside: true })] });
    let settled = false;
    const run = start();
    run.result.then(() => {
      settled = true;
    });
    await settle();
    expect([model.requests.length, settled]).toEqual([1, false]);
    verdict.open(ALLOW);
    expect((await run.result).status).toBe('completed');
  });

  it('is cancelled with the run, which is then cancelled and not denied', async () => {
    const { start, verdict, did } = both(false);
    const run = start();
    await verdict.reached;
    run.cancel('enough');
    expect((await run.result).status).toBe('cancelled');
    expect(did).not.toContain('act');
  });
});

describe('a guard of the answer', () => {
  it('keeps an answer back that it denies', async () => {
    const said: string[] = [];
    const output = guard(
      ({ side, text }) => {
        said.push(`${side}: ${text}`);
        return { allowed: false, reason: 'private' };
      },
      { side: 'output' },
    );
    const { error, data } = await agentOf(['My secret.'], { guards: [output] }).run();
    expect(said).toEqual(['output: My secret.']);
    expect(error).toMatchObject({ code: 'AGENT_DENIED' });
    expect(data).toBeUndefined();
  });

  it('sees both sides if it wants to', async () => {
    const sides: string[] = [];
    const look = guard(
      ({ side }) => {
        sides.push(side);
        return ALLOW;
      },
      { side: 'both' },
    );
    await agentOf(['Hi.'], { guards: [look] }).run();
    expect(sides).toEqual(['input', 'output']);
  });
});

describe('a guard of a tool', () => {
  it('is an interceptor around it: it holds for the model as for code, and denies if it fails', async () => {
    const act = tool('act', () => expect.unreachable(), 'idempotent');
    const broken: Interceptor = {
      name: 'broken guard',
      priority: InterceptorPriority.Security,
      appliesTo: () => false,
      appliesToTool: () => true,
      intercept: () => {
        throw new Error('no key');
      },
    };
    const model = scriptedModel([{ calls: [call('act')] }, 'Well.']);
    const agent = new AgentStage(model, { instructions: 'x', tools: [act] });
    const pipeline = new Pipeline('p', { interceptors: [broken] }).withTools(act).withStage('agent', agent).build();
    const { calls } = (await pipeline.run({ inputText: 'x' })).of('agent');
    expect(calls).toMatchObject([{ status: 'denied', result: expect.stringContaining('TOOL_DENIED') }]);
  });
});
