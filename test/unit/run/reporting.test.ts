import { describe, expect, it } from 'vitest';
import type { EventSink, PipelineEvent, StageflowLogger } from '../../../src/events/index.js';
import { CallbackSink, MemorySink, NoopSink, silentLogger } from '../../../src/events/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { Rig } from './hand-bound.js';

const stages = [
  { name: 'a', run: () => ({ a: 1 }) },
  { name: 'b', dependsOn: ['a'], run: async () => ({ b: 2 }) },
];

function collectingLogger(lines: unknown[]): StageflowLogger {
  const log = (message: string, fields?: unknown) => void lines.push([message, fields]);
  const logger: StageflowLogger = { debug: log, info: log, warn: log, error: log, child: () => logger };
  return logger;
}

const bad: [string, EventSink][] = [
  [
    'throws',
    new CallbackSink(() => {
      throw new Error('sink');
    }),
  ],
  ['rejects', new CallbackSink(() => Promise.reject(new Error('sink')))],
  ['throws null', new CallbackSink(() => Promise.reject(null))],
  [
    'has no prototype and throws',
    Object.assign(Object.create(null), {
      emit: () => {
        throw new Error('sink');
      },
    }),
  ],
];

describe.each(bad)('a sink that %s', (_, sink) => {
  it('changes no outcome, keeps no other sink from its events, and is logged', async () => {
    const lines: unknown[] = [];
    const after = new MemorySink();
    const rig = new Rig(stages, { sinks: [sink, after], logger: collectingLogger(lines) });
    const run = rig.start();
    const outcome = await run.result;
    await settle();
    expect(outcome.status).toBe('completed');
    expect(after.events).toEqual(rig.sink.events);
    expect(after.events).toHaveLength(6);
    expect(lines).toHaveLength(6);
    expect(lines[0]).toEqual(['An event sink failed; the run goes on.', expect.objectContaining({ runId: run.id })]);
  });

  it('changes nothing even if the logger throws as well', async () => {
    const logger: StageflowLogger = {
      ...silentLogger,
      warn() {
        throw new Error('logger');
      },
    };
    const outcome = await new Rig(stages, { sinks: [sink], logger }).outcome();
    await settle();
    expect(outcome.status).toBe('completed');
  });
});

it('a sink whose promise never settles is not waited for', async () => {
  const rig = new Rig(stages, { sinks: [new CallbackSink(() => new Promise(() => {}))] });
  expect((await rig.outcome()).status).toBe('completed');
});

it('no sink is told anything after the last event of the run', async () => {
  const rig = new Rig(stages, { sinks: [new NoopSink()] });
  await rig.outcome();
  expect(rig.story.at(-1)).toBe('pipeline.completed');
});

it('sinks of the run come after those of the engine, and get only that run', async () => {
  const order: string[] = [];
  const own = new CallbackSink(({ type }) => void order.push(`run ${type}`));
  const rig = new Rig([{ name: 'a' }], { sinks: [new CallbackSink(({ type }) => void order.push(`engine ${type}`))] });
  await rig.outcome({}, { sinks: [own] });
  await rig.outcome();
  expect(order.slice(0, 2)).toEqual(['engine pipeline.started', 'run pipeline.started']);
  expect(order.filter((line) => line.startsWith('run'))).toHaveLength(4);
});

describe('every sink gets every event in order', () => {
  const ascending = (events: readonly PipelineEvent[]) =>
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));

  it('even if a sink before it cancels the run, and stages answer to that at once', async () => {
    const controller = new AbortController();
    const canceller = new CallbackSink((event) => {
      if (event.type === 'stage.completed') controller.abort('seen enough');
    });
    const gate = new Gate();
    const rig = new Rig(
      [
        {
          name: 'talker',
          run: (ctx) => {
            ctx.signal.addEventListener('abort', () => ctx.emit('goodbye'));
            return new Gate().pass(ctx.signal);
          },
        },
        { name: 'quick', run: () => gate.pass() },
      ],
      { sinks: [canceller] },
    );
    const last = new MemorySink();
    const run = rig.start({}, { signal: controller.signal, sinks: [last] });
    gate.open();
    await run.result;
    const read: PipelineEvent[] = [];
    for await (const event of run.events) read.push(event);
    ascending(rig.sink.events);
    ascending(last.events);
    ascending(read);
    expect(last.events.some(({ type }) => type === 'custom')).toBe(true);
  });
});

it("a stage's log lines carry run, correlation, pipeline and stage", async () => {
  const fields: unknown[] = [];
  const logger: StageflowLogger = {
    ...silentLogger,
    isEnabled: (level) => level === 'info',
    child: (given) => {
      fields.push(given);
      return silentLogger;
    },
  };
  const rig = new Rig([{ name: 'a', run: (ctx) => ctx.logger.info('hello') }], { logger });
  const run = rig.start({ identity: { correlationId: 'c-1' } });
  await run.result;
  expect(fields).toEqual([{ runId: run.id, correlationId: 'c-1', pipeline: 'hand', stage: 'a' }]);
});

it('nothing is prepared for a line whose level is not written', async () => {
  const made: unknown[] = [];
  const logger: StageflowLogger = {
    ...silentLogger,
    child: (fields) => {
      made.push(fields);
      return silentLogger;
    },
  };
  await new Rig([{ name: 'a', run: (ctx) => ctx.logger.debug('hello', { a: 1 }) }], { logger }).outcome();
  expect(made).toEqual([]);
});
