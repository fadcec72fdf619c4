import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AgentStage, Budget, delegate, type ModelRequest, runBudget, withLoan } from '../../../src/agents/index.js';
import { Pipeline, type StageContext, StageKind } from '../../../src/index.js';
import { scriptedModel, settle } from '../../../src/testing/index.js';
import { agentOf, call, tool } from './asked.js';

const used = (tokens: number) => ({ tokens, cost: 0 });

describe('a budget', () => {
  it('grants no more than is left, and takes back what was not used', () => {
    const budget = new Budget({ tokens: 100 });
    const first = budget.reserve(used(60));
    expect(budget.reserve(used(60))).toBeNull();
    first?.settle(used(10));
    first?.settle(used(99)); // once is enough
    expect(budget.spent).toEqual(used(10));
    expect(budget.available.tokens).toBe(90);
    expect(budget.reserve(used(90))).not.toBeNull();
  });

  it('lends a part that is free for nobody else, and keeps what it spent', () => {
    const budget = new Budget({ tokens: 100, cost: 1 });
    const { budget: loan, close } = budget.lend({ tokens: 70 });
    expect([loan.available, budget.available]).toEqual([
      { tokens: 70, cost: 1 },
      { tokens: 30, cost: 0 },
    ]);
    loan.reserve({ tokens: 50, cost: 0.5 })?.settle({ tokens: 20, cost: 0.25 });
    close();
    expect(budget.spent).toEqual({ tokens: 20, cost: 0.25 });
    expect([loan.reserve(used(1)), budget.available.tokens]).toEqual([null, 80]);
  });

  it('is never overspent, however many take, spend, lend and give back at once', () => {
    const step = fc.record({ ask: fc.nat(50), use: fc.double({ min: 0, max: 1, noNaN: true }), lend: fc.boolean() });
    fc.assert(
      fc.property(fc.nat(200), fc.array(step, { maxLength: 40 }), fc.array(fc.nat(39)), (tokens, steps, order) => {
        const budget = new Budget({ tokens });
        const open: (() => void)[] = [];
        for (const { ask, use, lend } of steps) {
          if (lend) {
            const { budget: loan, close } = budget.lend({ tokens: ask });
            const inner = loan.reserve(used(Math.floor(ask * use)));
            open.push(() => {
              inner?.settle(used(Math.floor(ask * use)));
              close();
            });
          } else {
            const taken = budget.reserve(used(ask));
            if (taken !== null) open.push(() => taken.settle(used(Math.floor(ask * use))));
          }
          const at = order[open.length] ?? 0;
          if (at < open.length) open.splice(at, 1)[0]?.();
          expect(budget.spent.tokens + budget.available.tokens).toBeLessThanOrEqual(tokens);
        }
        for (const end of open) end();
        expect(budget.spent.tokens).toBeLessThanOrEqual(tokens);
        expect(budget.spent.tokens + budget.available.tokens).toBe(tokens);
      }),
      { seed: 7 },
    );
  });

  it('with a limit below nothing is AGENT_OPTION_INVALID', () => {
    expect(() => new Budget({ cost: -1 })).toThrow(expect.objectContaining({ code: 'AGENT_OPTION_INVALID' }));
  });
});

describe('the budget of an agent', () => {
  const next = (of: number) => ({ calls: [call('next', { of })], usage: { inputTokens: 400, outputTokens: 100 } });
  const nextTool = tool('next', ({ of }) => of);

  it('is AGENT_BUDGET_EXHAUSTED before a turn that does not fit, with what was done until then', async () => {
    const { run, model } = agentOf([next(1), next(2), next(3)], { tools: [nextTool], budget: { tokens: 1_100 } });
    const { error } = await run();
    expect(error).toMatchObject({ code: 'AGENT_BUDGET_EXHAUSTED', partial: { turns: 2 } });
    expect(error.partial.calls.map(({ result }) => result)).toEqual(['1', '2']);
    expect(model.requests).toHaveLength(2);
  });

  it('shortens the answer to what is left', async () => {
    const { run, model } = agentOf([next(1), 'Done.'], {
      tools: [nextTool],
      budget: { tokens: 1_000 },
      maxOutputTokens: 300,
    });
    await run();
    const [first, second] = model.requests.map(({ maxOutputTokens }) => maxOutputTokens);
    expect(first).toBe(300);
    expect(second).toBeLessThan(500);
  });

  it('counts money by the prices of the model, and refuses a model whose price is not known', async () => {
    const prices = { scripted: { inputPerMillion: 1_000, outputPerMillion: 10_000 } };
    const rich = await agentOf([{ text: 'Hi.', usage: { inputTokens: 100, outputTokens: 50 } }], {
      budget: { cost: 2 },
      prices,
    }).run();
    expect(rich.answered.usage.cost).toBeCloseTo(0.6);
    const poor = await agentOf([], { budget: { cost: 0.01 }, prices }).run();
    expect(poor.failure?.code).toBe('AGENT_BUDGET_EXHAUSTED');
    const unknown = await agentOf([], { budget: { cost: 2 }, prices: {} }).run();
    expect(unknown.failure?.code).toBe('AGENT_OPTION_INVALID');
  });

  it('counts an estimate where a model does not say what it used', async () => {
    const { answered } = await agentOf([{ text: 'x'.repeat(30), usage: null }], { budget: { tokens: 9_000 } }).run();
    expect(answered.usage.inputTokens).toBeGreaterThan(0);
    expect(answered.usage.outputTokens).toBe(10);
  });

  it('holds for agents that run at once and share it', async () => {
    const budget = new Budget({ tokens: 5_000 });
    const all = ({ maxOutputTokens }: ModelRequest) => ({
      text: 'Hi.',
      usage: { inputTokens: 20, outputTokens: maxOutputTokens ?? 0 },
    });
    const runs = Array.from({ length: 6 }, () => agentOf([all], { budget, maxOutputTokens: 1_000 }).run());
    const ended = (await Promise.all(runs)).map(({ status, failure }) => failure?.code ?? status);
    expect(budget.spent.tokens).toBeLessThanOrEqual(5_000);
    expect(new Set(ended)).toEqual(new Set(['ok', 'AGENT_BUDGET_EXHAUSTED']));
    expect(budget.reserve(used(budget.available.tokens))).not.toBeNull();
  });
});

describe('a turn that is cancelled', () => {
  it('keeps nothing reserved', async () => {
    const budget = new Budget({ tokens: 9_000 });
    const { start } = agentOf([{ after: new Promise(() => {}) }], { budget });
    const run = start();
    await settle();
    expect(budget.available.tokens).toBeLessThan(9_000 - 4_000);
    run.cancel('enough');
    expect((await run.result).status).toBe('cancelled');
    expect(budget.available.tokens).toBe(9_000 - budget.spent.tokens);
    expect(budget.spent.tokens).toBeLessThan(200); // its input, which may have been read
  });
});

describe('the budget of a run', () => {
  const answers = (inputTokens: number) => scriptedModel([{ text: 'Hi.', usage: { inputTokens, outputTokens: 0 } }]);
  const agent = (model: ReturnType<typeof scriptedModel>) =>
    new AgentStage(model, { instructions: 'x', maxOutputTokens: 10 });

  it('is one for all its agents', async () => {
    const pipeline = new Pipeline('two')
      .withStage('a', agent(answers(900)), StageKind.Agent)
      .withStage('b', agent(scriptedModel([])), { kind: StageKind.Agent, dependsOn: ['a'] })
      .build();
    const { result } = pipeline.start({ inputText: 'x', extensions: [runBudget({ tokens: 910 })] });
    const { stages } = (await result).results;
    expect(stages.map(({ status, failure }) => failure?.code ?? status)).toEqual(['ok', 'AGENT_BUDGET_EXHAUSTED']);
  });

  it('is shared with runs that inherit it, and lends to runs that are lent a part', async () => {
    const budget = new Budget({ tokens: 1_000 });
    const child = (tokens: number) => new Pipeline('child').withStage('a', agent(answers(tokens))).build();
    const shared = new Pipeline('outer')
      .withStage('outer', async (ctx: StageContext) => {
        await ctx.spawn(child(300), { inputText: 'x' }, { inherit: ['extensions'] });
        const poor = await ctx
          .spawn(child(800), { inputText: 'x' }, { inherit: ['extensions'] })
          .catch((error) => error);
        return { code: poor.code };
      })
      .build();
    await shared.run({ extensions: [runBudget({ tokens: 1_000 })] });
    const lending = new Pipeline('lending')
      .withStage('lends', async (ctx: StageContext) => {
        await withLoan(budget, { tokens: 400 }, async (loan) => {
          expect(budget.available.tokens).toBe(600);
          return ctx.spawn(child(300), { inputText: 'x', extensions: [loan] });
        });
        return { left: budget.available.tokens };
      })
      .build();
    expect((await lending.run()).of('lends').left).toBe(700);
  });
});

describe('a task handed to another agent', () => {
  const expertOf = (model: ReturnType<typeof scriptedModel>) => {
    const expert = new Pipeline('expert')
      .withStage('answer', new AgentStage(model, { instructions: 'Help.', maxOutputTokens: 100 }), StageKind.Agent)
      .build();
    return delegate({
      name: 'ask_expert',
      description: 'Asks the expert.',
      effect: 'read',
      input: z.object({ question: z.string() }),
      pipeline: expert,
      start: ({ question }) => ({ inputText: question }),
      answer: (results) => results.of('answer').answer,
    });
  };

  it('goes through the gates of tools, and is a run of the stage', async () => {
    const model = scriptedModel(['It is 4.']);
    const steps = [{ calls: [call('ask_expert', { question: '2 + 2?' }), call('ask_expert', { q: 1 })] }, 'Four.'];
    const { run, sink } = agentOf(steps, { tools: [expertOf(model)] });
    const { answered } = await run();
    expect(answered.calls).toMatchObject([{ status: 'completed', result: 'It is 4.' }, { status: 'failed' }]);
    expect(model.requests[0]?.messages.at(-1)?.text).toBe('2 + 2?');
    const runs = new Set(sink.events.map(({ pipeline, runId }) => `${pipeline} ${runId}`));
    expect(runs.size).toBe(2);
  });

  it('spends what it is lent by the agent, and no more', async () => {
    const model = scriptedModel([{ text: 'Hm.', usage: { inputTokens: 700, outputTokens: 100 } }]);
    const budget = new Budget({ tokens: 4_000 });
    const first = { calls: [call('ask_expert', { question: 'Eh?' })], usage: { inputTokens: 1_000, outputTokens: 0 } };
    const { run } = agentOf([first, 'Well.'], { tools: [expertOf(model)], budget, maxOutputTokens: 100 });
    expect((await run()).status).toBe('ok');
    expect(model.requests[0]?.maxOutputTokens).toBe(100);
    expect(budget.spent.tokens).toBe(1_000 + 800 + 15);
    const poor = new Budget({ tokens: 1_000 });
    const again = agentOf([{ ...first, usage: { inputTokens: 950, outputTokens: 0 } }], {
      tools: [expertOf(scriptedModel([]))],
      budget: poor,
      maxOutputTokens: 10,
    });
    const { error } = await again.run();
    expect(error).toMatchObject({ code: 'AGENT_BUDGET_EXHAUSTED' });
    expect(error.partial.calls).toMatchObject([{ status: 'failed' }]);
  });
});
