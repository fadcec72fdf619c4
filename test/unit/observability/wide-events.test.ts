import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CallbackSink, MemorySink } from '../../../src/events/index.js';
import { RetryInterceptor } from '../../../src/interceptors/index.js';
import { type WideEvent, wideEvents } from '../../../src/observability/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { StageOutput } from '../../../src/stage/index.js';
import { defineTool } from '../../../src/tools/index.js';

function kept() {
  const events: WideEvent[] = [];
  const sink = wideEvents({ sink: { emit: (event) => void events.push(event) } });
  const stages = () => events.filter((event) => event.type === 'stage.wide');
  const run = () => events.find((event) => event.type === 'pipeline.wide');
  return { events, sinks: [sink], stages, run };
}

describe('wide events', () => {
  it('say truly how each stage ended: completed, skipped, failed by a throw, never reached', async () => {
    const { sinks, stages, run, events } = kept();
    const pipeline = new Pipeline('p', { failurePolicy: 'continue' })
      .withStage('good', () => ({}))
      .withStage('skips', () => StageOutput.skip('nothing to do'))
      .withStage('throws', () => {
        throw Object.assign(new Error('broken'), { code: 'MINE' });
      })
      .withStage('never', () => ({}), { dependsOn: ['throws'] });
    const { id, result } = pipeline.build({ sinks }).start({ identity: { correlationId: 'c-1' } });
    await result;
    expect(stages()).toMatchObject([
      { stage: 'good', status: 'completed', executions: 1, attempts: 1, error: null },
      { stage: 'skips', status: 'skipped', executions: 1, reason: 'nothing to do', error: null },
      { stage: 'throws', status: 'failed', attempts: 1, error: { code: 'MINE', message: 'broken' } },
      { stage: 'never', status: 'skipped', executions: 0, attempts: 0 },
    ]);
    expect(run()).toMatchObject({
      status: 'failed',
      stage: 'throws',
      error: { code: 'MINE' },
      stages: { completed: 1, skipped: 2, failed: 1, cancelled: 0, 'not-started': 0 },
    });
    expect(events.every((event) => event.runId === id && event.correlationId === 'c-1')).toBe(true);
    expect(events.at(-1)?.type).toBe('pipeline.wide');
  });

  it('say what a cancel did to stages that ran and to stages that were never reached', async () => {
    const { sinks, stages, run } = kept();
    const pipeline = new Pipeline('p')
      .withStage('enough', () => StageOutput.cancel('enough'))
      .withStage('after', () => ({}), { dependsOn: ['enough'] });
    await pipeline.build({ sinks }).start().result;
    expect(stages()).toMatchObject([
      { stage: 'enough', status: 'cancelled', reason: 'enough' },
      { stage: 'after', status: 'not-started', executions: 0 },
    ]);
    expect(run()).toMatchObject({ status: 'cancelled', reason: 'enough', stages: { cancelled: 1, 'not-started': 1 } });
  });

  it('count retries and tool calls', async () => {
    const { sinks, stages, run } = kept();
    const flip = defineTool({
      name: 'flip',
      description: 'Works, or not.',
      input: z.object({ works: z.boolean() }),
      effect: 'read',
      execute: ({ works }) => {
        if (!works) throw new Error('no');
        return {};
      },
    });
    let calls = 0;
    const pipeline = new Pipeline('p', { interceptors: [RetryInterceptor.with({ attempts: 3, delayMs: 0 })] })
      .withTools(flip)
      .withStage('a', async (ctx) => {
        await ctx.tools.invoke({ id: `call-${++calls}`, name: 'flip', arguments: { works: calls === 3 } });
        return calls < 3 ? StageOutput.fail('busy', { retryable: true }) : {};
      });
    await pipeline.build({ sinks }).run();
    expect(stages()).toMatchObject([
      { status: 'completed', attempts: 3, retries: 2, executions: 1, tools: { completed: 1, failed: 2 } },
    ]);
    expect(run()).toMatchObject({ status: 'completed', retries: 2, tools: { completed: 1, failed: 2 } });
  });

  it('come all the same when one of them cannot be taken, and change no run', async () => {
    const types: string[] = [];
    const other = new MemorySink();
    const sink = wideEvents({
      sink: {
        emit: (event) => {
          types.push(event.type);
          throw new Error('full');
        },
      },
    });
    const pipeline = new Pipeline('p').withStage('a', () => ({})).build({ sinks: [sink, other] });
    await pipeline.run();
    expect(types).toEqual(['stage.wide', 'pipeline.wide']);
    expect(other.events).toHaveLength(4);
  });
});

it('several sinks stand beside each other: one that breaks keeps nothing from the others', async () => {
  const { sinks, events } = kept();
  const first = new MemorySink();
  const broken = new CallbackSink(() => Promise.reject(new Error('down')));
  const throwing = {
    open() {
      throw new Error('open');
    },
    emit() {
      throw new Error('emit');
    },
  };
  const pipeline = new Pipeline('p').withStage('a', () => ({}));
  await pipeline.build({ sinks: [throwing, broken, first, ...sinks] }).run();
  expect(first.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  expect(events).toHaveLength(2);
});
