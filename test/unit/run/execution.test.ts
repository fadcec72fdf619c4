import { describe, expect, it } from 'vitest';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { Rig, statusOf } from './hand-bound.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('scheduling', () => {
  it('runs a diamond once each, its middle at the same time, a repeated dependency harmless (001)', async () => {
    const ran: string[] = [];
    const stage = (name: string, dependsOn: string[]) => ({
      name,
      dependsOn,
      run: async (ctx: { sleep(ms: number): Promise<void> }) => {
        ran.push(name);
        await ctx.sleep(name === 'b' || name === 'c' ? 100 : 0);
      },
    });
    const rig = new Rig([stage('a', []), stage('b', ['a']), stage('c', ['a']), stage('d', ['b', 'c', 'b'])]);
    const run = rig.start();
    await rig.clock.advance(100);
    const { results } = await run.result;
    expect(ran).toEqual(['a', 'b', 'c', 'd']);
    expect(results.durationMs).toBe(100);
  });

  it('has no level barrier: a stage starts when its own dependencies have ended (002)', async () => {
    const c = new Gate();
    const rig = new Rig([{ name: 'b' }, { name: 'c', run: () => c.pass() }, { name: 'b2', dependsOn: ['b'] }]);
    const run = rig.start();
    await settle();
    expect(rig.story).toEqual([
      'pipeline.started',
      'stage.started b',
      'stage.completed b',
      'stage.started c',
      'stage.started b2',
      'stage.completed b2',
    ]);
    c.open();
    expect((await run.result).status).toBe('completed');
  });

  it('starts roots in declaration order (002)', async () => {
    const rig = new Rig(['z', 'm', 'a'].map((name) => ({ name, run: () => Promise.resolve() })));
    await rig.outcome();
    expect(rig.sink.ofType('stage.started').map(({ stage }) => stage)).toEqual(['z', 'm', 'a']);
  });

  it('reports the life of run and stages in order (005)', async () => {
    const rig = new Rig([
      { name: 'a' },
      {
        name: 'b',
        dependsOn: ['a'],
        run: () => {
          throw new Error('no');
        },
      },
    ]);
    await rig.outcome();
    expect(rig.story).toEqual([
      'pipeline.started',
      'stage.started a',
      'stage.completed a',
      'stage.started b',
      'stage.failed b',
      'pipeline.failed b',
    ]);
    expect(rig.sink.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('makes one run id, a UUID v7, and shows it everywhere (006)', async () => {
    let seen = '';
    const rig = new Rig([
      {
        name: 'a',
        run: (ctx) => {
          seen = ctx.runId;
        },
      },
    ]);
    const run = rig.start();
    const { results } = await run.result;
    expect(run.id).toMatch(UUID_V7);
    expect([seen, results.runId, results.identity.runId, results.identity.correlationId]).toEqual(
      Array(4).fill(run.id),
    );
    expect(new Set(rig.sink.events.map(({ runId }) => runId))).toEqual(new Set([run.id]));
  });

  it("publishes a stage's own events with the ids of the run, which their data cannot override (007, 113)", async () => {
    const rig = new Rig([
      { name: 'a', run: (ctx) => ctx.emit('artifact', { runId: 'forged', sequence: 99, stage: 'x', url: '/a.pdf' }) },
    ]);
    const run = rig.start({ identity: { correlationId: 'c1', parentRunId: 'p1' } });
    await run.result;
    expect(rig.sink.ofType('custom')).toEqual([
      expect.objectContaining({ name: 'artifact', stage: 'a', runId: run.id, sequence: 3, correlationId: 'c1' }),
    ]);
    expect(rig.sink.ofType('custom')[0]).toMatchObject({ parentRunId: 'p1', data: { url: '/a.pdf' } });
  });

  it('holds the limit for every maxConcurrency from 1 to n (009)', async () => {
    for (const limit of [1, 2, 3, 7, 30, 31]) {
      let [running, most] = [0, 0];
      const rig = new Rig(
        Array.from({ length: 30 }, (_, i) => ({
          name: `s${i}`,
          run: async (ctx) => {
            most = Math.max(most, ++running);
            await ctx.sleep(1 + (i % 3));
            running--;
          },
        })),
        { maxConcurrency: limit },
      );
      const run = rig.start();
      await rig.clock.advance(100);
      expect((await run.result).status).toBe('completed');
      expect(most).toBe(Math.min(limit, 30));
    }
  });

  it('takes the limit of the run before that of the pipeline', async () => {
    let [running, most] = [0, 0];
    const stages = ['a', 'b', 'c', 'd'].map((name) => ({
      name,
      run: async () => {
        most = Math.max(most, ++running);
        await settle();
        running--;
      },
    }));
    await new Rig(stages, { maxConcurrency: 4 }).outcome({}, { maxConcurrency: 2 });
    expect(most).toBe(2);
    await new Rig(stages, { maxConcurrency: 1 }).outcome({}, { maxConcurrency: Number.POSITIVE_INFINITY });
    expect(most).toBe(4);
  });

  it('starts higher priorities first, equal ones as declared (009)', async () => {
    const priorities = [0, 5, -1, 5, 0];
    const rig = new Rig(
      priorities.map((priority, i) => ({ name: `s${i}`, priority, run: () => Promise.resolve() })),
      { maxConcurrency: 1 },
    );
    await rig.outcome();
    expect(rig.sink.ofType('stage.started').map(({ stage }) => stage)).toEqual(['s1', 's3', 's0', 's4', 's2']);
  });
});

describe('what a stage returns', () => {
  const returning = async (value: unknown) => {
    const rig = new Rig([{ name: 'a', run: () => value }]);
    return rig.outcome();
  };

  it('nothing, null and plain objects stand for ok, promised or not (008)', async () => {
    for (const value of [undefined, null, {}, { a: 1, b: 2 }, Object.create(null), Promise.resolve({ a: 1 })]) {
      const outcome = await returning(value);
      expect(statusOf(outcome, 'a')).toBe('ok');
      expect(outcome.results.of('a')).toEqual((await (value as object)) ?? {});
    }
  });

  it('anything else fails the stage, naming stage and type (008)', async () => {
    const wrong: [unknown, string][] = [
      [[1], 'an array'],
      ['text', 'a string'],
      [0, 'a number'],
      [false, 'a boolean'],
      [1n, 'a bigint'],
      [Symbol('s'), 'a symbol'],
      [() => 1, 'a function'],
      [new Date(0), 'an instance of Date'],
      [new Map(), 'an instance of Map'],
      [Object.create({}), 'Object'],
    ];
    for (const [value, type] of wrong) {
      for (const returned of [value, Promise.resolve(value)]) {
        const outcome = await returning(returned);
        const { failure } = outcome.results.stage('a');
        expect(failure).toMatchObject({ code: 'STAGE_OUTPUT_INVALID', retryable: false });
        expect((failure?.error as Error | undefined)?.message).toContain('"a"');
        expect((failure?.error as Error | undefined)?.message).toContain(type);
        expect(outcome.status).toBe('failed');
      }
    }
  });

  it('is frozen for whoever reads it', async () => {
    const seen: boolean[] = [];
    const rig = new Rig([
      { name: 'a', run: () => ({ list: [1] }) },
      { name: 'b', dependsOn: ['a'], run: (ctx) => void seen.push(Object.isFrozen(ctx.inputs.from('a'))) },
    ]);
    const { results } = await rig.outcome();
    expect(seen).toEqual([true]);
    expect(Object.isFrozen(results.of('a'))).toBe(true);
    expect(Object.isFrozen(results.stage('a').data)).toBe(true);
    expect(Object.isFrozen(results.outputs)).toBe(true);
  });
});

describe('progress', () => {
  it('is an event with the fraction and the note', async () => {
    const rig = new Rig([
      {
        name: 'a',
        run: (ctx) => {
          ctx.progress(0.5, 'half');
          ctx.progress(1);
        },
      },
    ]);
    await rig.outcome();
    expect(rig.sink.ofType('stage.progress')).toMatchObject([
      { stage: 'a', fraction: 0.5, note: 'half' },
      { stage: 'a', fraction: 1, note: null },
    ]);
  });
});

describe('concurrent runs of one pipeline', () => {
  it('never see each other: snapshot, outputs, bag and events are their own', async () => {
    const gates = new Map([1, 2, 3].map((n) => [n, new Gate()]));
    const rig = new Rig([
      {
        name: 'a',
        run: async (ctx) => {
          const n = ctx.snapshot.input as number;
          ctx.bag.set('n', n);
          await gates.get(n)?.pass();
          return { n };
        },
      },
      { name: 'b', dependsOn: ['a'], run: (ctx) => ({ n: ctx.inputs.from('a', 'n'), bag: ctx.bag.get('n') }) },
    ]);
    const runs = [1, 2, 3].map((input) => rig.start({ input }));
    for (const n of [3, 1, 2]) gates.get(n)?.open();
    const outcomes = await Promise.all(runs.map(({ result }) => result));
    expect(outcomes.map(({ results }) => results.of('b'))).toEqual([1, 2, 3].map((n) => ({ n, bag: n })));
    for (const { id } of runs) {
      const own = rig.sink.events.filter(({ runId }) => runId === id);
      expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, i) => i + 1));
    }
  });
});
