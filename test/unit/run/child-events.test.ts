import { describe, expect, it } from 'vitest';
import { type EventSink, MemorySink, type PipelineEvent } from '../../../src/events/index.js';
import { Engine } from '../../../src/run/index.js';
import type { SpawnablePipeline, StageContext } from '../../../src/stage/index.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { bind, Rig, spawnable } from './hand-bound.js';

const leaf = spawnable([{ name: 'leaf', run: (ctx) => ctx.emit('at', ctx.pipeline) }], { name: 'leaves' });
const tree = spawnable(
  [{ name: 'branch', run: (ctx) => Promise.all([ctx.spawn(leaf), ctx.spawn(leaf)]).then(() => {}) }],
  { name: 'branches' },
);
const rooted = (sinks: readonly EventSink[] = []): Rig =>
  new Rig([{ name: 'root', run: (ctx) => ctx.spawn(tree).then(() => {}) }], { name: 'roots', sinks });

const sequences = (events: readonly PipelineEvent[]): number[] => events.map(({ sequence }) => sequence);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('the events of runs that stages have started', () => {
  it('are in the stream of the run above, in one order without gaps', async () => {
    const rig = rooted();
    const run = rig.start();
    await run.result;
    const read: PipelineEvent[] = [];
    for await (const event of run.events) read.push(event);
    expect(sequences(read)).toEqual(upTo(read.length));
    expect(read.filter(({ type }) => type === 'custom').map(({ lineage }) => lineage.path)).toEqual([
      ['root', 'branch'],
      ['root', 'branch'],
    ]);
    const later: PipelineEvent[] = [];
    for await (const event of run.events.after(5)) later.push(event);
    expect(later).toEqual(read.slice(5));
  });

  it('reach every sink once: those of the engine, those of the run, and their own', async () => {
    const ofRun = new MemorySink();
    const ofChild = new MemorySink();
    const rig = new Rig([
      { name: 'root', run: (ctx) => ctx.spawn(tree, {}, { sinks: [ofChild] }).then(() => {}) },
      { name: 'other', dependsOn: ['root'] },
    ]);
    const { results } = await rig.outcome({}, { sinks: [ofRun] });
    expect(ofRun.events).toEqual(rig.sink.events);
    expect(sequences(rig.sink.events)).toEqual(upTo(rig.sink.events.length));
    expect(ofChild.events).toEqual(rig.sink.events.filter(({ runId }) => runId !== results.runId));
    expect(new Set(ofChild.events.map(({ lineage }) => lineage.depth))).toEqual(new Set([1, 2]));
  });

  it('are made also for a sink of the child alone', async () => {
    const ofChild = new MemorySink();
    const run = (ctx: StageContext): Promise<void> => ctx.spawn(leaf, {}, { sinks: [ofChild] }).then(() => {});
    await new Engine().run(bind([{ name: 'root', run }]));
    expect(ofChild.events.map(({ type }) => type)).toEqual([
      'pipeline.started',
      'stage.started',
      'custom',
      'stage.completed',
      'pipeline.completed',
    ]);
    expect(sequences(ofChild.events)).toEqual(upTo(5));
  });

  it('come after the event that a sink was handed when it caused them, for every sink', async () => {
    const seen: number[][] = [[], []];
    let cancel = (): void => {};
    const first: EventSink = {
      emit: (event) => {
        seen[0]?.push(event.sequence);
        if (event.type === 'custom') cancel();
      },
    };
    const second: EventSink = { emit: (event) => void seen[1]?.push(event.sequence) };
    const rig = rooted([first, second]);
    const run = rig.start();
    cancel = () => run.cancel('seen enough');
    await run.result;
    expect(seen[0]).toEqual(upTo(seen[0]?.length ?? 0));
    expect(seen[1]).toEqual(seen[0]);
  });

  it('go on where a sink throws, and nothing of it is left (132)', async () => {
    const broken: EventSink = {
      emit: ({ lineage }) => {
        if (lineage.depth > 0) throw new Error('broken');
      },
    };
    const rig = rooted([broken]);
    expect((await rig.outcome()).status).toBe('completed');
    await rig.engine.close();
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('end with the run above: what an abandoned stage says later is dropped', async () => {
    let late = (): void => {};
    const never: SpawnablePipeline = spawnable([
      {
        name: 'never',
        run: (ctx) => {
          late = () => ctx.emit('late');
          return new Promise(() => {});
        },
      },
    ]);
    const rig = new Rig([{ name: 'root', run: (ctx) => ctx.spawn(never).then(() => {}) }]);
    const run = rig.start();
    await settle();
    run.cancel();
    await rig.clock.advance(1_000);
    await run.result;
    const before = rig.sink.events.length;
    late();
    expect(rig.sink.events).toHaveLength(before);
  });
});

describe('what is secret', () => {
  it('for the stage that starts a run is masked in the run as well, under whatever name it is handed over', async () => {
    const secret = 'hunter2-hunter2';
    const lines: string[] = [];
    const logger = {
      isEnabled: () => true,
      debug() {},
      info: (message: string, fields?: object) => void lines.push(message + JSON.stringify(fields)),
      warn() {},
      error() {},
      child: () => logger,
    };
    const teller = spawnable([
      {
        name: 'tell',
        run: (ctx) => {
          const { text } = ctx.snapshot.input as { text: string };
          ctx.emit('told', { text, list: [`it is ${text}`] });
          ctx.logger.info(`it is ${text}`, { text });
          throw new Error(`refused: ${text}`);
        },
      },
    ]);
    const rig = new Rig(
      [
        {
          name: 'root',
          run: (ctx) => ctx.spawn(teller, { input: { text: (ctx.snapshot.input as any).password } }).then(() => {}),
        },
      ],
      { logger },
    );
    const outcome = await rig.outcome({ input: { password: secret } });
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(rig.sink.ofType('custom')).toHaveLength(1);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify([rig.sink.events, lines, outcome.error.message])).not.toContain(secret);
  });
});
