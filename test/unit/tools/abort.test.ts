import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Access, AuthContext } from '../../../src/auth/index.js';
import { MemorySink } from '../../../src/events/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import type { StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { ManualClock, settle } from '../../../src/testing/manual-clock.js';
import { type ApprovalOutcome, defineTool, type FunctionTool, type ToolServices } from '../../../src/tools/index.js';
import { CallLog } from './call-log.js';

const facts = { name: 'pay', description: 'Pays.', input: z.object({}) } as const;
const approved = { status: 'approved', requestId: 'r', decidedBy: 'ann' } as const;
const auth = AuthContext.verified({ userId: 'bob' });

/** Cancels a run while its only call is where `reached` says, and tells how both ended. */
async function cancelled(
  tool: FunctionTool,
  reached: Promise<void>,
  toolServices: ToolServices,
  meanwhile: (clock: ManualClock, outcomes: readonly string[]) => Promise<void> = async () => {},
) {
  const sink = new MemorySink();
  const clock = new ManualClock();
  const outcomes: string[] = [];
  const pipeline = new Pipeline('p').withTools(tool).withStage('s', async (ctx) => {
    outcomes.push((await ctx.tools.invoke({ id: 'c', name: 'pay', arguments: {} })).status);
  });
  const run = pipeline.build({ clock, sinks: [sink], toolServices, trustedCallers: true }).start({ auth });
  await reached;
  run.cancel('enough');
  await meanwhile(clock, outcomes);
  const { status } = await run.result;
  const types = sink.events.map(({ type }) => type).filter((type) => type.startsWith('tool.'));
  return { status, outcomes, types };
}

const ended = { status: 'cancelled', outcomes: ['cancelled'], types: ['tool.invoked', 'tool.cancelled'] };

describe('a cancel', () => {
  it('ends a call that waits for an approval, though the gate ignores its signal, and drops a late yes', async () => {
    const gate = new Gate<ApprovalOutcome>();
    let [paid, told] = [0, false];
    const tool = defineTool({ ...facts, effect: 'irreversible', execute: () => ++paid });
    const approvals = {
      request: (_: unknown, signal: AbortSignal) => {
        signal.addEventListener('abort', () => {
          told = true;
        });
        return gate.pass();
      },
    };
    const ending = cancelled(tool, gate.reached, { approvals }, async (clock, outcomes) => {
      await settle();
      expect(outcomes).toEqual(['cancelled']);
      await clock.advance(5_000); // the grace period: the request may have to be closed somewhere
    });
    expect(await ending).toEqual(ended);
    expect(told).toBe(true);
    gate.open(approved);
    await settle();
    expect(paid).toBe(0);
  });

  it('lets the gate close its request before the run ends', async () => {
    const [gate, closing] = [new Gate<ApprovalOutcome>(), new Gate()];
    const tool = defineTool({ ...facts, effect: 'irreversible', execute: () => 'paid' });
    let isClosed = false;
    const approvals = {
      async request(_: unknown, signal: AbortSignal): Promise<ApprovalOutcome> {
        await gate.pass(signal).catch(() => {});
        await closing.pass();
        isClosed = true;
        return { status: 'cancelled', requestId: 'r', reason: 'the run was cancelled' };
      },
    };
    const ending = cancelled(tool, gate.reached, { approvals }, async () => {
      await closing.reached;
      await settle();
      closing.open();
    });
    expect((await ending).outcomes).toEqual(['cancelled']);
    expect(isClosed).toBe(true);
  });

  it('ends a call whose access policy does not answer', async () => {
    const gate = new Gate<boolean>();
    const access = [Access.policy({ decide: () => gate.pass() })];
    const tool = defineTool({ ...facts, effect: 'read', access, execute: () => 'paid' });
    expect(await cancelled(tool, gate.reached, {})).toEqual(ended);
  });
});

type Ending = 'cancelled' | 'thrown' | 'bad output' | 'failed after it';

/** Fails after the call, as one that reads the answer may. */
const failing = {
  intercept: async (_ctx: unknown, next: () => Promise<StageOutput>): Promise<StageOutput> => {
    await next();
    throw new Error('no reader');
  },
};

describe('a call log', () => {
  /** What the log knows of an approved call after it has ended. */
  async function knownAfter(effect: 'irreversible' | 'idempotent', how: Ending) {
    const log = new CallLog();
    const gate = new Gate();
    const execute = async (_: unknown, { signal }: { signal: AbortSignal }) => {
      if (how === 'cancelled') await gate.pass(signal);
      if (how === 'thrown') throw new Error('refused');
      return (how === 'failed after it' ? 'paid' : 7) as never;
    };
    const interceptors = how === 'failed after it' ? [failing] : [];
    const tool = defineTool({ ...facts, effect, output: z.string(), interceptors, execute });
    const services = { calls: log, approvals: { request: async () => approved } };
    if (how === 'cancelled') await cancelled(tool, gate.reached, services);
    else {
      const pipeline = new Pipeline('p').withTools(tool).withStage('s', async (ctx) => {
        await ctx.tools.invoke({ id: 'c', name: 'pay', arguments: {} });
      });
      await pipeline.build({ toolServices: services }).run();
    }
    return [...log.calls.values()].map(({ status }) => status);
  }

  it('keeps a call in flight that may have taken effect: stopped midway, refused or failed after it', async () => {
    expect(await knownAfter('irreversible', 'cancelled')).toEqual(['in-flight']);
    expect(await knownAfter('irreversible', 'bad output')).toEqual(['in-flight']);
    expect(await knownAfter('irreversible', 'failed after it')).toEqual(['in-flight']);
  });

  it('forgets one whose handler said that it failed, and one that may be repeated', async () => {
    expect(await knownAfter('irreversible', 'thrown')).toEqual([]);
    expect(await knownAfter('idempotent', 'cancelled')).toEqual([]);
  });

  it('that cannot be read or written keeps the call from being made', async () => {
    for (const broken of ['find', 'started'] as const) {
      const log = Object.assign(new CallLog(), { [broken]: () => Promise.reject(new Error('disk full')) });
      let calls = 0;
      const tool = defineTool({ ...facts, effect: 'idempotent', execute: () => ++calls });
      const pipeline = new Pipeline('p').withTools(tool).withStage('s', async (ctx) => {
        return { status: (await ctx.tools.invoke({ id: 'c', name: 'pay', arguments: {} })).status };
      });
      const results = await pipeline.build({ toolServices: { calls: log } }).run();
      expect([results.of('s').status, calls]).toEqual(['failed', 0]);
    }
  });
});
