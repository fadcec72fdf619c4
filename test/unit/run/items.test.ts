import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/clock/index.js';
import { bagKey } from '../../../src/context/index.js';
import { RetryInterceptor } from '../../../src/interceptors/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { ItemsFailedError } from '../../../src/run/index.js';
import { type ItemContext, type StageContext, StageOutput } from '../../../src/stage/index.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { ItemRig } from './item-rig.js';

async function* stream(items: readonly string[], seen: string[] = []): AsyncGenerator<string> {
  try {
    for (const item of items) {
      seen.push(`give ${item}`);
      yield item;
    }
    seen.push('end');
  } finally {
    seen.push('closed');
  }
}

describe('the source of items', () => {
  it('is asked for no more than can be worked on', async () => {
    const seen: string[] = [];
    const rig = new ItemRig({ items: () => stream(['a', 'b', 'c', 'd'], seen), concurrency: 2 });
    const run = rig.start();
    await settle();
    expect(seen).toEqual(['give a', 'give b']);
    rig.gate('b').open({});
    await settle();
    expect(seen).toEqual(['give a', 'give b', 'give c']);
    for (const item of ['a', 'c', 'd']) rig.gate(item).open({});
    expect((await run.result).status).toBe('completed');
    expect(seen.slice(-2)).toEqual(['end', 'closed']);
  });

  it.each(['settled', 'all'] as const)(
    'that breaks fails the stage, also under %s, with what was done',
    async (policy) => {
      const items = async function* () {
        yield 'a';
        throw new Error('line cut');
      };
      const rig = new ItemRig({ items, policy, each: () => ({ done: true }) });
      const { results } = await rig.start().result;
      const done = [{ key: 'a', status: 'ok', data: { done: true } }];
      expect(results.stage('work').failure?.error).toMatchObject({
        code: 'ITEM_SOURCE_FAILED',
        cause: { message: 'line cut' },
        items: done,
      });
    },
  );

  it.each([
    ['a text', 'abc'],
    ['nothing', undefined],
    ['an object', {}],
  ])('may not be %s', async (_, items) => {
    const { results } = await new ItemRig({ items: () => items as never }).start().result;
    expect(results.stage('work').failure).toMatchObject({ code: 'ITEM_SOURCE_FAILED', retryable: false });
  });

  it('is closed when the run is cancelled, before the stage settles', async () => {
    const seen: string[] = [];
    const rig = new ItemRig({ items: () => stream(['a', 'b', 'c'], seen), concurrency: 1 });
    const run = rig.start();
    await settle();
    run.cancel('enough');
    expect((await run.result).status).toBe('cancelled');
    expect(seen).toEqual(['give a', 'closed']);
    expect(rig.story).toEqual(['started a', 'cancelled a']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('is closed when an item has failed', async () => {
    const seen: string[] = [];
    const rig = new ItemRig({ items: () => stream(['a', 'b', 'c'], seen), concurrency: 1 });
    const run = rig.start();
    await settle();
    rig.gate('a').fail(new Error('a'));
    expect((await run.result).status).toBe('failed');
    expect(seen).toEqual(['give a', 'closed']);
  });

  it('reads in its signal that nothing more is wanted', async () => {
    const items = async function* ({ signal }: { readonly signal: AbortSignal }) {
      yield 'a';
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    const rig = new ItemRig({ items });
    const run = rig.start();
    await settle();
    rig.gate('a').fail(new Error('a'));
    expect((await run.result).results.stage('work').failure).toMatchObject({ code: 'ITEM_FAILED' });
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('that gives nothing and does not stop is left after the grace period', async () => {
    const items = () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) });
    const rig = new ItemRig({ items });
    const run = rig.start();
    await settle();
    run.cancel('enough');
    await rig.clock.advance(100);
    const outcome = await run.result;
    expect(outcome.results.abandoned).toEqual(['work']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('without items gives none', async () => {
    const { results } = await new ItemRig({ items: () => [] }).start().result;
    expect(results.of('work')).toEqual({ items: [] });
  });
});

describe('the keys of items', () => {
  it('are looked at before anything begins, if the source is an array', async () => {
    const rig = new ItemRig({ items: () => ['a', 'b', 'a'] });
    const { results } = await rig.start().result;
    expect(results.stage('work').failure?.error).toMatchObject({
      code: 'ITEM_KEY_DUPLICATE',
      details: { stage: 'work', index: 2, key: 'a' },
    });
    expect(rig.calls).toEqual([]);
  });

  it('are looked at as items come, if it is not', async () => {
    const rig = new ItemRig({ items: () => new Set(['a', 'b', 'A']), key: (item) => item.toLowerCase() });
    const { results } = await rig.start().result;
    expect(results.stage('work').failure).toMatchObject({ code: 'ITEM_KEY_DUPLICATE' });
    expect(rig.story).toEqual(['started a', 'started b', 'cancelled a', 'cancelled b']);
  });

  it.each([
    ['is empty', ''],
    ['is missing', undefined],
    ['is no number', Number.NaN],
    ['is an object', {}],
  ])('may not be one that %s', async (_, key) => {
    const { results } = await new ItemRig({ key: () => key as never }).start().result;
    expect(results.stage('work').failure?.error).toMatchObject({ code: 'ITEM_KEY_INVALID', details: { index: 0 } });
  });

  it('that cannot be told fail the stage with the reason', async () => {
    const key = (): string => {
      throw new Error('no id');
    };
    const { results } = await new ItemRig({ key }).start().result;
    expect(results.stage('work').failure?.error).toMatchObject({
      code: 'ITEM_KEY_INVALID',
      cause: { message: 'no id' },
    });
  });
});

describe('one item', () => {
  it('is tried again by itself, as often as it may be', async () => {
    let failures = 0;
    const each = (ctx: ItemContext, item: string): object => {
      if (item === 'b' && failures++ < 2) throw new Error('flaky');
      return { attempts: ctx.attempt };
    };
    const rig = new ItemRig({ each, retry: { attempts: 3, delayMs: 10 } });
    const run = rig.start();
    await rig.clock.advance(100);
    const { results } = await run.result;
    expect(results.of('work').items).toEqual([{ attempts: 1 }, { attempts: 3 }, { attempts: 1 }]);
    expect(rig.sink.ofType('stage.retry_scheduled')).toMatchObject([
      { item: 'b', attempt: 1 },
      { item: 'b', attempt: 2 },
    ]);
    expect(results.stage('work').attempts).toBe(1);
  });

  it('that takes longer than its limit fails, and the others go on', async () => {
    const rig = new ItemRig({ timeoutMs: 50, policy: 'settled' });
    const run = rig.start();
    await settle();
    rig.gate('a').open({ a: 1 });
    await rig.clock.advance(50);
    const { items } = (await run.result).results.of('work');
    expect(items).toMatchObject([
      { key: 'a', status: 'ok' },
      { key: 'b', status: 'fail', failure: { code: 'STAGE_TIMEOUT' } },
      { key: 'c', status: 'fail' },
    ]);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('that does not stop at its limit is left after the grace period, and what it gives then is dropped', async () => {
    const rig = new ItemRig({ timeoutMs: 50, policy: 'settled', each: (_, item) => rig.gate(item).pass() });
    const run = rig.start();
    await settle();
    rig.gate('a').open({});
    rig.gate('c').open({});
    await rig.clock.advance(150);
    const { results } = await run.result;
    rig.gate('b').open({ late: true });
    await settle();
    expect(results.of('work').items).toMatchObject([{ status: 'ok' }, { status: 'fail' }, { status: 'ok' }]);
    expect(results.abandoned).toEqual(['work']);
    expect(rig.story.filter((line) => line.endsWith(' b'))).toEqual(['started b', 'failed b']);
  });

  it('has what stands around it to itself', async () => {
    const around: string[] = [];
    const interceptors = [
      RetryInterceptor.with({ attempts: 2, delayMs: 0 }),
      {
        name: 'spy',
        intercept: async (ctx: StageContext, next: () => Promise<StageOutput>) => {
          const output = await next();
          around.push(`${(ctx as ItemContext).item.key} ${output.status}`);
          return output;
        },
      },
    ];
    let calls = 0;
    const each = (_: ItemContext, item: string): unknown =>
      item === 'b' && calls++ === 0 ? StageOutput.retry('once more') : {};
    const rig = new ItemRig({ interceptors, each });
    const run = rig.start();
    await rig.clock.advance(1);
    expect((await run.result).status).toBe('completed');
    expect(around.sort()).toEqual(['a ok', 'b ok', 'b retry', 'c ok']);
  });

  it('is named wherever it says something', async () => {
    const each = (ctx: ItemContext, item: string): object => {
      ctx.progress(0.5, item);
      ctx.emit('seen', { item });
      return {};
    };
    const rig = new ItemRig({ each, concurrency: 1 });
    await rig.start().result;
    expect(rig.sink.ofType('stage.progress')).toMatchObject([{ item: 'a' }, { item: 'b' }, { item: 'c' }]);
    expect(rig.sink.ofType('custom').map(({ item }) => item)).toEqual(['a', 'b', 'c']);
  });

  it('may write into the bag of the run', async () => {
    const each = (ctx: ItemContext, item: string): object => {
      ctx.bag.set(bagKey<number>(`length of ${item}`), item.length);
      return {};
    };
    const { results } = await new ItemRig({ each }).start().result;
    expect(results.bag.get('length of b')).toBe(1);
  });

  it('may say nothing, but hands on an object if it does', async () => {
    const rig = new ItemRig({ each: (_, item) => (item === 'b' ? 3 : undefined), policy: 'settled' });
    const { results } = await rig.start().result;
    expect(results.of('work').items).toMatchObject([
      { status: 'ok', data: {} },
      { status: 'fail', failure: { code: 'STAGE_OUTPUT_INVALID' } },
      { status: 'ok' },
    ]);
  });
});

describe('cancelling an item', () => {
  it('stops it alone, and the others go on', async () => {
    const rig = new ItemRig({ policy: 'settled' });
    const run = rig.start();
    await settle();
    expect(run.cancelItem('work', 'b', 'not wanted')).toBe(true);
    rig.gate('a').open({});
    rig.gate('c').open({});
    const { items } = (await run.result).results.of('work');
    expect(items).toMatchObject([
      { status: 'ok' },
      { key: 'b', status: 'cancel', reason: 'not wanted', failure: null },
      { status: 'ok' },
    ]);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('that has not begun keeps it from beginning', async () => {
    const rig = new ItemRig({ policy: 'settled', concurrency: 1 });
    const run = rig.start();
    await settle();
    expect(run.cancelItem('work', 'c')).toBe(true);
    expect(run.cancelItem('work', 'nobody')).toBe(false);
    for (const item of ['a', 'b']) rig.gate(item).open({});
    await run.result;
    expect(rig.calls).toEqual(['a', 'b']);
    expect(rig.story.slice(-1)).toEqual(['cancelled c']);
  });

  it('that has ended, or of a stage that is not at it, does nothing', async () => {
    const rig = new ItemRig({ policy: 'settled' });
    const run = rig.start();
    expect(run.cancelItem('list', 'a')).toBe(false);
    await settle();
    rig.gate('a').open({ a: 1 });
    await settle();
    expect(run.cancelItem('work', 'a')).toBe(false);
    for (const item of ['b', 'c']) rig.gate(item).open({});
    expect((await run.result).results.of('work').items[0]).toMatchObject({ status: 'ok' });
    expect(run.cancelItem('work', 'a')).toBe(false);
  });

  it('of a stage that needs all of them fails it', async () => {
    const rig = new ItemRig();
    const run = rig.start();
    await settle();
    run.cancelItem('work', 'b', 'not wanted');
    const { results } = await run.result;
    expect(results.stage('work').failure?.error).toMatchObject({ code: 'ITEM_CANCELLED', details: { key: 'b' } });
    expect(rig.story).toEqual(['started a', 'started b', 'started c', 'cancelled b', 'cancelled a', 'cancelled c']);
  });

  it('that does not stop is given up after the grace period', async () => {
    const rig = new ItemRig({ policy: 'settled', each: (_, item) => rig.gate(item).pass() });
    const run = rig.start();
    await settle();
    run.cancelItem('work', 'b');
    for (const item of ['a', 'c']) rig.gate(item).open({});
    await rig.clock.advance(99);
    expect(rig.story).not.toContain('cancelled b');
    await rig.clock.advance(1);
    const { results } = await run.result;
    expect(results.of('work').items).toMatchObject([{}, { key: 'b', status: 'cancel' }, {}]);
    expect(results.abandoned).toEqual(['work']);
  });
});

describe('an item that says that there is nothing more to do', () => {
  const each = (_: ItemContext, item: string): unknown => (item === 'b' ? StageOutput.cancel('found it') : { item });

  it('cancels the run, if all are needed', async () => {
    const outcome = await new ItemRig({ each }).start().result;
    expect(outcome).toMatchObject({ status: 'cancelled', error: { stage: 'work', reason: 'found it' } });
  });

  it('is cancelled alone, if not', async () => {
    const { results } = await new ItemRig({ each, policy: { atLeast: 2 } }).start().result;
    expect(results.of('work').items).toMatchObject({ completed: [{}, {}], missing: [{ key: 'b', status: 'cancel' }] });
  });
});

describe('the first item that fails', () => {
  it('stops the others, and the stage waits for them', async () => {
    const rig = new ItemRig({
      each: async (ctx, item) => {
        if (item === 'a') throw new Error('broken');
        await rig.wait(ctx, item).catch(() => rig.gate(`cleanup of ${item}`).pass());
        ctx.checkpoint();
        return {};
      },
    });
    const run = rig.start();
    await settle();
    expect(rig.story).toEqual(['started a', 'started b', 'started c', 'failed a']);
    rig.gate('cleanup of b').open({});
    rig.gate('cleanup of c').open({});
    const { results } = await run.result;
    expect(rig.story.slice(-2)).toEqual(['cancelled b', 'cancelled c']);
    const error = results.stage('work').failure?.error as ItemsFailedError;
    expect(error.items.map(({ key, status }) => `${key} ${status}`)).toEqual(['a fail', 'b cancel', 'c cancel']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('does not wait longer for them than the grace period', async () => {
    const each = (_: ItemContext, item: string): unknown =>
      item === 'a' ? Promise.reject(new Error('a')) : new Promise(() => {});
    const rig = new ItemRig({ each });
    const run = rig.start();
    await rig.clock.advance(100);
    const { results } = await run.result;
    expect(results.stage('work')).toMatchObject({ status: 'fail', failure: { code: 'ITEM_FAILED' }, abandoned: true });
    expect(rig.story.slice(-2)).toEqual(['cancelled b', 'cancelled c']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('says whether trying again can help', async () => {
    const each = (): unknown => StageOutput.fail(new Error('busy'), { code: 'BUSY', retryable: true });
    const { results } = await new ItemRig({ each }).start().result;
    expect(results.stage('work').failure).toMatchObject({ code: 'ITEM_FAILED', retryable: true });
    expect(results.stage('work').failure?.error).toMatchObject({ details: { failureCode: 'BUSY', key: 'a' } });
  });
});

describe('a stage with items', () => {
  it('that passes its own limit stops all of them', async () => {
    const rig = new ItemRig({ stage: { timeoutMs: 50 } });
    const run = rig.start();
    await rig.clock.advance(50);
    const outcome = await run.result;
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'STAGE_TIMEOUT' } });
    expect(rig.story.slice(-3)).toEqual(['cancelled a', 'cancelled b', 'cancelled c']);
  });

  it('that is given up gives up all of them, each with its end', async () => {
    const rig = new ItemRig({ each: () => new Promise(() => {}), stage: { timeoutMs: 50 } });
    const run = rig.start();
    await rig.clock.advance(150);
    expect(await run.result).toMatchObject({ status: 'failed', error: { code: 'STAGE_TIMEOUT' } });
    expect(rig.story.slice(-3)).toEqual(['cancelled a', 'cancelled b', 'cancelled c']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('that is tried again as a whole begins with the first item', async () => {
    let fails = true;
    const each = (_: ItemContext, item: string): object => {
      if (item === 'b' && fails) {
        fails = false;
        throw new Error('once');
      }
      return { item };
    };
    const rig = new ItemRig({
      each,
      concurrency: 1,
      stage: { interceptors: [RetryInterceptor.with({ attempts: 2 })] },
    });
    const run = rig.start();
    await rig.clock.advance(100);
    expect((await run.result).status).toBe('completed');
    expect(rig.calls).toEqual(['a', 'b', 'a', 'b', 'c']);
  });

  it('is skipped if its source has no output', async () => {
    const pipeline = new Pipeline('p')
      .withStage('list', () => StageOutput.skip('nobody') as StageOutput<{ items: string[] }>)
      .forEach('work', 'list', (list) => list.items, { key: (item) => item, each: () => ({}) });
    const results = await pipeline.run();
    expect(results.stage('work')).toMatchObject({ status: 'skip', reason: '"list" has no output' });
  });
});

it('items that never wait let the rest of the process have its turn', async () => {
  let turns = 0;
  const count = (): void => {
    turns++;
    immediate = setImmediate(count);
  };
  let immediate = setImmediate(count);
  let reading = 0;
  const clock: Clock = { now: () => reading++, toEpochMs: (stamp) => stamp, setTimer: () => ({ clear: () => {} }) };
  const items = Array.from({ length: 100 }, (_, index) => `${index}`);
  const rig = new ItemRig({ items: () => items, each: () => ({}) }, { clock });
  await rig.start().result;
  clearImmediate(immediate);
  expect(turns).toBeGreaterThan(3);
});

it('time that an item takes is counted from its own beginning', async () => {
  const elapsed: number[] = [];
  const rig = new ItemRig({
    concurrency: 1,
    each: async (ctx) => {
      await ctx.sleep(20);
      elapsed.push(ctx.elapsedMs);
      return {};
    },
  });
  const run = rig.start();
  await rig.clock.advance(60);
  await run.result;
  expect(elapsed).toEqual([20, 20, 20]);
  expect(rig.sink.ofType('stage.item.completed').map(({ durationMs }) => durationMs)).toEqual([20, 20, 20]);
});

describe('runs that items start', () => {
  const child = new Pipeline('child').withStage('wait', ({ signal }) => {
    return new Promise<object>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });

  it('end with their item', async () => {
    const rig = new ItemRig({ policy: 'settled', each: (ctx, item) => (item === 'b' ? ctx.spawn(child) : {}) });
    const run = rig.start();
    await settle();
    run.cancelItem('work', 'b', 'not wanted');
    const { results } = await run.result;
    expect(results.of('work').items[1]).toMatchObject({ key: 'b', status: 'cancel' });
    const types = rig.sink.events.map(({ type }) => type);
    expect(types.indexOf('pipeline.cancelled')).toBeLessThan(types.indexOf('stage.item.cancelled'));
  });

  it('are not left behind by an item that has returned', async () => {
    const quick = new Pipeline('quick').withStage('one', async () => {
      await null;
      return {};
    });
    const rig = new ItemRig({
      each: (ctx) => {
        ctx.spawn(quick);
        return {};
      },
    });
    await rig.start().result;
    const types = rig.sink.events.map(({ type }) => type);
    const before = types.slice(0, types.indexOf('stage.item.completed'));
    expect(before).toContain('pipeline.completed');
  });

  it('are refused once their item has ended', async () => {
    const contexts: ItemContext[] = [];
    const rig = new ItemRig({
      each: (ctx, item) => {
        contexts.push(ctx);
        return item === 'c' ? rig.wait(ctx, item) : {};
      },
    });
    const run = rig.start();
    await settle();
    await expect(contexts[0]?.spawn(child)).rejects.toMatchObject({ code: 'CHILD_TOO_LATE' });
    rig.gate('c').open({});
    await run.result;
  });
});
