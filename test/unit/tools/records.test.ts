import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemorySink } from '../../../src/events/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { ManualClock, settle } from '../../../src/testing/manual-clock.js';
import { defineTool, type UndoRecord } from '../../../src/tools/index.js';
import { CallLog } from './call-log.js';

const input = z.object({ n: z.number() });

function pay(effect: 'irreversible' | 'idempotent', paid: number[]) {
  return defineTool({
    name: 'pay',
    description: 'Pays.',
    input,
    effect,
    execute: ({ n }) => ({ paid: paid.push(n) }),
  });
}

const approve = (asked: string[]) => ({
  request: async ({ callId }: { callId: string }) => {
    asked.push(callId);
    return { status: 'approved' as const, requestId: 'r', decidedBy: 'boss' };
  },
});

describe('a call log', () => {
  it('answers a call that was finished before, without asking for approval again', async () => {
    const [paid, asked, log]: [number[], string[], CallLog] = [[], [], new CallLog()];
    const tool = pay('irreversible', paid);
    const toolServices = { calls: log, approvals: approve(asked) };
    const pipeline = new Pipeline('p')
      .withTools(tool)
      .withStage('s', (ctx) => ctx.tools.call(tool, { n: 5 }, { callId: 'c1' }) as Promise<{ paid: number }>)
      .build({ toolServices });
    const resumed = { identity: { runId: 'r-1' } };
    expect((await pipeline.run(resumed)).of('s')).toEqual({ paid: 1 });
    expect((await pipeline.run(resumed)).of('s')).toEqual({ paid: 1 });
    expect([paid, asked]).toEqual([[5], ['c1']]);
  });

  it('does not repeat a call of unknown outcome that may have taken effect, and repeats one that may be', async () => {
    for (const effect of ['irreversible', 'idempotent'] as const) {
      const paid: number[] = [];
      const log = new CallLog();
      const tool = pay(effect, paid);
      const stage = (ctx: { tools: { invoke: (call: object) => Promise<object> } }) =>
        ctx.tools.invoke({ id: 'c1', name: 'pay', arguments: { n: 5 } });
      const pipeline = new Pipeline('p').withTools(tool).withStage('s', stage as never);
      const runnable = pipeline.build({ toolServices: { calls: log, approvals: approve([]) } });
      const resumed = { identity: { runId: 'r-1' } };
      await runnable.run(resumed);
      const [key] = log.calls.keys();
      log.calls.set(key as string, {
        status: 'in-flight',
        inputDigest: log.calls.get(key as string)?.inputDigest ?? '',
      });
      const outcome = (await runnable.run(resumed)).of('s') as { status: string; error: { code: string } | null };
      expect([outcome.status, outcome.error?.code, paid.length]).toEqual(
        effect === 'irreversible' ? ['failed', 'TOOL_OUTCOME_UNKNOWN', 1] : ['completed', undefined, 2],
      );
    }
  });

  it('knows a call by its id and its input: another input under the same id is refused', async () => {
    const tool = pay('idempotent', []);
    const pipeline = new Pipeline('p').withTools(tool).withStage('s', async (ctx) => {
      const [first, second] = [{ n: 1 }, { n: 2 }].map((args) => ({ id: 'c1', name: 'pay', arguments: args }));
      const one = await ctx.tools.invoke(first as never);
      const two = await ctx.tools.invoke(second as never);
      return { one: one.status, two: (two.error as { code?: string } | null)?.code };
    });
    const results = await pipeline.build({ toolServices: { calls: new CallLog() } }).run();
    expect(results.of('s')).toEqual({ one: 'completed', two: 'TOOL_CALL_REUSED' });
  });

  it('that cannot be written changes no outcome, and is reported', async () => {
    const sink = new MemorySink();
    const log = new CallLog();
    log.finished = async () => {
      throw new Error('disk full');
    };
    const tool = pay('idempotent', []);
    const pipeline = new Pipeline('p')
      .withTools(tool)
      .withStage('s', (ctx) => ctx.tools.call(tool, { n: 1 }) as Promise<{ paid: number }>);
    const results = await pipeline.build({ sinks: [sink], toolServices: { calls: log } }).run();
    expect(results.of('s')).toEqual({ paid: 1 });
    expect(sink.ofType('tool.record_failed')).toMatchObject([
      { tool: 'pay', what: 'its result', message: 'disk full' },
    ]);
    expect(sink.ofType('tool.completed')).toHaveLength(1);
  });
});

describe('what undoes a call', () => {
  const reversible = (execute: (recordUndo: (data: unknown) => void) => unknown) =>
    defineTool({
      name: 'move',
      description: 'Moves.',
      input,
      output: z.object({ moved: z.boolean() }),
      effect: 'reversible',
      execute: (_, ctx) => execute((data) => ctx.recordUndo(data)) as { moved: boolean },
      undo: () => {},
    });

  async function recordsOf(execute: (recordUndo: (data: unknown) => void) => unknown, broken = false) {
    const records: UndoRecord[] = [];
    const sink = new MemorySink();
    const tool = reversible(execute);
    const undo = {
      record(record: UndoRecord) {
        if (broken) throw new Error('store down');
        records.push(record);
      },
    };
    const pipeline = new Pipeline('p')
      .withTools(tool)
      .withStage('s', (ctx) => ctx.tools.invoke({ id: 'c', name: 'move', arguments: { n: 1 } }));
    const outcome = (await pipeline.build({ sinks: [sink], toolServices: { undo } }).run()).of('s');
    return { records, outcome, sink };
  }

  it('is kept before the output is checked, and of a handler that failed after it had kept something', async () => {
    const bad = await recordsOf((recordUndo) => {
      recordUndo({ from: 'a' });
      return { moved: 'yes' };
    });
    expect(bad.outcome.status).toBe('failed');
    expect(bad.records).toMatchObject([{ tool: 'move', input: { n: 1 }, data: { from: 'a' } }]);
    const failed = await recordsOf((recordUndo) => {
      recordUndo({});
      throw new Error('half way');
    });
    expect([failed.outcome.status, failed.records]).toMatchObject(['failed', [{ data: {} }]]);
    const nothing = await recordsOf(() => {
      throw new Error('at once');
    });
    expect(nothing.records).toEqual([]);
  });

  it('that cannot be kept leaves the call what it was, and is reported', async () => {
    const { outcome, sink } = await recordsOf(() => ({ moved: true }), true);
    expect(outcome.status).toBe('completed');
    expect(sink.ofType('tool.record_failed')).toMatchObject([{ what: 'what undoes it', message: 'store down' }]);
  });
});

describe('a call that its stage does not wait for', () => {
  it('keeps the run alive until it has ended, and hears of a cancel', async () => {
    for (const cancelled of [false, true]) {
      const gate = new Gate<object>();
      const clock = new ManualClock();
      let told = false;
      const slow = defineTool({
        name: 'slow',
        description: 'Takes its time.',
        input,
        effect: 'read',
        execute: (_, { signal }) =>
          new Promise((resolve, reject) => {
            gate.pass().then(resolve);
            signal.addEventListener('abort', () => {
              told = true;
              reject(signal.reason as Error);
            });
          }),
      });
      const pipeline = new Pipeline('p').withTools(slow).withStage('s', (ctx) => {
        ctx.tools.invoke({ id: 'c', name: 'slow', arguments: { n: 1 } });
        return { gone: true };
      });
      const run = pipeline.build({ clock }).start();
      let ended = false;
      run.result.then(() => {
        ended = true;
      });
      await settle();
      expect(ended).toBe(false);
      if (cancelled) run.cancel('enough');
      else gate.open({});
      await settle();
      expect([ended, told]).toEqual([true, cancelled]);
      expect((await run.result).results.stage('s').status).toBe('ok');
      expect(clock.pendingTimers).toBe(0);
    }
  });
});
