import { describe, expect, it } from 'vitest';
import { Access } from '../../../src/auth/index.js';
import { MemorySink } from '../../../src/events/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { atLeast, StageKind, StageOutput } from '../../../src/stage/index.js';
import { rejection, thrown } from '../run/hand-bound.js';

const numbers = new Pipeline('sum').withStage('list', ({ snapshot }) => ({ numbers: snapshot.input as number[] }));
const key = (item: number): number => item;

describe('a stage of the builder that works item by item', () => {
  it('hands on what every item came to, in the order of the source', async () => {
    const doubled = numbers.forEach('double', 'list', (list) => list.numbers, {
      key,
      concurrency: 2,
      each: async (ctx, item) => {
        for (let turn = 0; turn < 5 - item; turn++) await null;
        return { of: ctx.item.key, twice: item * 2 };
      },
    });
    const results = await doubled.run({ input: [1, 2, 3, 4] });
    expect(results.of('double').items).toEqual([
      { of: '1', twice: 2 },
      { of: '2', twice: 4 },
      { of: '3', twice: 6 },
      { of: '4', twice: 8 },
    ]);
  });

  it('reports every item once, with key and index', async () => {
    const sink = new MemorySink();
    const mixed = numbers.forEach('mixed', 'list', (list) => list.numbers, {
      key,
      concurrency: 1,
      policy: 'settled',
      each: (_, item) => {
        if (item === 2) return StageOutput.skip('even');
        if (item === 3) throw new Error('three');
        return { item };
      },
    });
    const run = await mixed.build({ sinks: [sink] }).run({ input: [1, 2, 3] });
    expect(run.of('mixed').items).toMatchObject([
      { key: '1', index: 0, status: 'ok', data: { item: 1 } },
      { key: '2', index: 1, status: 'skip', reason: 'even' },
      { key: '3', index: 2, status: 'fail', failure: { code: 'STAGE_FAILED' } },
    ]);
    const items = sink.events.filter(({ type }) => type.startsWith('stage.item.'));
    expect(items.map((event) => `${event.type.slice(11)} ${'key' in event && event.key}`)).toEqual([
      'started 1',
      'completed 1',
      'started 2',
      'skipped 2',
      'started 3',
      'failed 3',
    ]);
  });

  it('fails with the first item that fails, and keeps what others have come to', async () => {
    const failing = numbers.forEach('failing', 'list', (list) => list.numbers, {
      key,
      concurrency: 1,
      each: (_, item) => {
        if (item === 2) throw new Error('two');
        return { item };
      },
    });
    const error = await rejection(failing.run({ input: [1, 2, 3] }));
    expect(error).toMatchObject({ code: 'STAGE_FAILED', failureCode: 'ITEM_FAILED', cause: { code: 'ITEM_FAILED' } });
    expect(error.cause.message).toContain('Item "2" of stage "failing" failed: two.');
    expect(error.cause.items).toMatchObject([
      { key: '1', status: 'ok', data: { item: 1 } },
      { key: '2', status: 'fail' },
    ]);
  });

  it('with atLeast goes on with what completed, or fails if that is too little', async () => {
    const some = numbers.forEach('some', 'list', (list) => list.numbers, {
      key,
      policy: atLeast(2),
      each: (_, item) => {
        if (item < 0) throw new Error('negative');
        return { item };
      },
    });
    const { items } = (await some.run({ input: [1, -2, 3] })).of('some');
    expect(items.completed.map(({ data }) => data.item)).toEqual([1, 3]);
    expect(items.missing).toMatchObject([{ key: '-2', status: 'fail' }]);
    const error = await rejection(some.run({ input: [1, -2] }));
    expect(error.cause).toMatchObject({ code: 'ITEMS_TOO_FEW', details: { completed: 1, atLeast: 2 } });
    expect(error.cause.items).toHaveLength(2);
  });

  it('runs a pipeline for every item', async () => {
    const square = new Pipeline('square').withStage('square', ({ snapshot }) => ({
      of: (snapshot.input as number) ** 2,
    }));
    const squares = numbers.forEach('squares', 'list', (list) => list.numbers, {
      key,
      run: square,
      each: (_, item, results) => ({ item, square: results.of('square').of }),
      output: (items) => ({ sum: items.reduce((sum, { square }) => sum + square, 0) }),
    });
    expect((await squares.run({ input: [1, 2, 3] })).of('squares')).toEqual({ sum: 14 });
  });

  it('goes with its component: under a prefix, composed, replaced', async () => {
    const doubled = numbers.forEach('double', 'list', (list) => list.numbers, {
      key,
      each: (_, item) => ({ twice: item * 2 }),
    });
    const both = doubled.prefix('eu').compose(doubled.prefix('us'));
    const results = await both.compose(both).run({ input: [1, 2] });
    expect(results.of('eu.double')).toEqual({ items: [{ twice: 2 }, { twice: 4 }] });
    expect(results.of('us.double')).toEqual(results.of('eu.double'));
    const replaced = doubled.replace('double', () => ({ items: [{ twice: 0 }] }));
    expect((await replaced.run({ input: [1] })).of('double')).toEqual({ items: [{ twice: 0 }] });
  });

  it('reads what else it depends on, runs where its condition holds, and is what else a stage is', async () => {
    const scaled = numbers
      .withStage('scale', () => ({ factor: 3 }))
      .forEach('work', 'list', (list) => list.numbers, {
        key,
        kind: StageKind.Enrich,
        dependsOn: ['scale'],
        when: { stage: 'scale', is: ({ factor }) => factor > 2 },
        each: (ctx, item) => ({
          of: ctx.inputs.from('list').numbers.length,
          by: item * ctx.inputs.from('scale').factor,
        }),
      });
    const built = scaled.build();
    expect(built.graph.stages[2]).toMatchObject({
      kind: 'enrich',
      dependsOn: [{ stage: 'scale' }, { stage: 'list', optional: false }],
      condition: 'scale',
    });
    expect((await built.run({ input: [1] })).of('work').items).toEqual([{ of: 1, by: 3 }]);
  });

  it('binds the pipeline that it runs with what it is built with', () => {
    const closed = new Pipeline('closed', { access: [Access.anyRole('admin')] }).withStage('a', () => ({ a: 1 }));
    const outer = numbers.forEach('work', 'list', (list) => list.numbers, { key, run: closed, each: () => ({}) });
    expect(thrown(() => outer.build()).problems).toMatchObject([{ code: 'AUTH_NOT_CONFIGURED' }]);
    expect(outer.build({ trustedCallers: true }).graph.size).toBe(2);
  });

  it('depends on a stage that there is', () => {
    const broken = numbers.forEach('work', 'lists' as 'list', (list) => list.numbers, { key, each: () => ({}) });
    expect(thrown(() => broken.build()).problems).toMatchObject([{ code: 'GRAPH_MISSING_DEPENDENCY' }]);
  });

  it('is refused at build with options it cannot use', () => {
    const broken = numbers.forEach('x', 'list', (list) => list.numbers, {
      key: 'id' as never,
      concurrency: 0,
      each: () => ({}),
    });
    expect(thrown(() => broken.build()).problems).toMatchObject([
      { code: 'GRAPH_OPTION_INVALID', details: { stage: 'x', option: 'key' } },
      { code: 'GRAPH_OPTION_INVALID', details: { stage: 'x', option: 'concurrency' } },
    ]);
  });
});
