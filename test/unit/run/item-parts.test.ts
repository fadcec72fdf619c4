import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemorySink, type StageflowLogger, silentLogger } from '../../../src/events/index.js';
import { HeartbeatInterceptor } from '../../../src/interceptors/index.js';
import { wideEvents } from '../../../src/observability/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { type ItemContext, StageKind, StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { ManualClock, settle } from '../../../src/testing/manual-clock.js';
import { defineTool } from '../../../src/tools/index.js';
import { CallLog } from '../tools/call-log.js';
import { ItemRig } from './item-rig.js';

describe('what items share with the rest of their run', () => {
  it('tool calls are told apart by the key of the item, and not made again when the run goes on', async () => {
    const scaled: string[] = [];
    const calls = new CallLog();
    const scale = defineTool({
      name: 'scale',
      description: 'Scales an image.',
      input: z.object({ id: z.string() }),
      effect: 'irreversible',
      execute: ({ id }) => ({ count: scaled.push(id) }),
    });
    const approvals = { request: async () => ({ status: 'approved' as const, requestId: 'r', decidedBy: 'boss' }) };
    const each = async (ctx: ItemContext, item: string): Promise<object> => {
      if (item === 'b') await null;
      const first = await ctx.tools.call(scale, { id: item });
      await ctx.tools.call(scale, { id: `${item}2` });
      return first as object;
    };
    const rig = new ItemRig({ each }, { toolServices: { calls, approvals } }, (base) => base.withTools(scale));
    const identity = { runId: 'run-1' };
    const before = (await rig.start({ identity }).result).results.of('work');
    expect([...scaled].sort()).toEqual(['a', 'a2', 'b', 'b2', 'c', 'c2']);
    const after = (await rig.start({ identity }).result).results.of('work');
    expect(scaled).toHaveLength(6);
    expect(after).toEqual(before);
    expect(rig.sink.ofType('tool.started').slice(0, 3)).toMatchObject([{ item: 'a' }, { item: 'c' }, { item: 'b' }]);
    expect([...calls.calls.keys()][0]).toContain('work[a]/scale/#1');
  });

  it('runs that they start say which item they are for', async () => {
    const child = new Pipeline('child').withStage('one', () => ({}));
    const rig = new ItemRig({ each: (ctx) => ctx.spawn(child).then(() => ({})), concurrency: 1 });
    await rig.start().result;
    const children = rig.sink.ofType('pipeline.started').filter(({ pipeline }) => pipeline === 'child');
    expect(children.map(({ lineage }) => lineage.parentItem)).toEqual(['a', 'b', 'c']);
    expect(rig.sink.events[0]?.lineage).not.toHaveProperty('parentItem');
  });

  it('log lines name the item', async () => {
    const lines: unknown[] = [];
    const logger = (fields: object): StageflowLogger => ({
      ...silentLogger,
      isEnabled: () => true,
      info: (message) => lines.push({ message, ...fields }),
      child: (more) => logger({ ...fields, ...more }),
    });
    const rig = new ItemRig({ each: (ctx) => ctx.logger.info('working') }, { logger: logger({}) });
    await rig.start().result;
    expect(lines).toMatchObject([{ stage: 'work', item: 'a' }, { item: 'b' }, { item: 'c' }]);
  });

  it('secrets in their keys are masked where others read them, and not where they are addresses', async () => {
    const items = (): string[] => ['hunter2-secret', 'b'];
    const rig = new ItemRig({ items, policy: 'settled' });
    const run = rig.start({ input: { password: 'hunter2-secret' } });
    await settle();
    expect(run.cancelItem('work', 'hunter2-secret', 'of hunter2-secret')).toBe(true);
    rig.gate('b').open({});
    const { results } = await run.result;
    expect(JSON.stringify(rig.sink.events)).not.toContain('hunter2-secret');
    expect(results.of('work').items).toMatchObject([{ key: 'hunter2-secret', status: 'cancel' }, { key: 'b' }]);
  });

  it('each is a sign of life of the stage', async () => {
    const interceptors = [HeartbeatInterceptor.with({ heartbeatMs: 50 })];
    const rig = new ItemRig({
      concurrency: 1,
      each: (ctx) => ctx.sleep(40),
      stage: { interceptors },
    });
    const run = rig.start();
    await rig.clock.advance(200);
    expect((await run.result).status).toBe('completed');
  });

  it('when a guard sends the run back, what goes on is stopped, and all items are done again', async () => {
    let rounds = 0;
    const calls: string[] = [];
    const reached = new Gate<void>();
    const sink = new MemorySink();
    const pipeline = new Pipeline('back')
      .withStage('list', () => ({ round: ++rounds, items: ['a', 'b'] }))
      .forEach('work', 'list', (list) => list.items, {
        key: (item) => item,
        each: async (ctx, item) => {
          calls.push(item);
          const { round } = ctx.inputs.from('list');
          if (item === 'b') reached.open(undefined);
          if (round === 1) await ctx.sleep(1_000);
          return { item, round };
        },
      })
      .withStage(
        'check',
        async (ctx) => {
          await reached.passed;
          return ctx.inputs.from('list').round === 1 ? StageOutput.fail(new Error('again')) : {};
        },
        { kind: StageKind.Guard, dependsOn: ['list'], retryFrom: { stage: 'list', attempts: 2 } },
      );
    const clock = new ManualClock();
    const { results } = await pipeline.build({ clock, sinks: [sink] }).start().result;
    expect(results.of('work').items).toEqual([
      { item: 'a', round: 2 },
      { item: 'b', round: 2 },
    ]);
    expect(calls).toEqual(['a', 'b', 'a', 'b']);
    expect(sink.ofType('stage.item.cancelled').map(({ key }) => key)).toEqual(['a', 'b']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('attempts of an item are not attempts of the stage', async () => {
    const wide: any[] = [];
    const sink = wideEvents({ sink: { emit: (event: unknown) => void wide.push(event) } } as never);
    let failures = 0;
    const each = (_: ItemContext, item: string): object => {
      if (item === 'a' && failures++ < 2) throw new Error('flaky');
      return {};
    };
    const rig = new ItemRig({ each, retry: { attempts: 3, delayMs: 0 } }, { sinks: [sink] as never });
    const run = rig.start();
    await rig.clock.advance(10);
    await run.result;
    const stage = wide.find((event) => event.stage === 'work');
    expect(stage).toMatchObject({ attempts: 1, retries: 2 });
  });
});
