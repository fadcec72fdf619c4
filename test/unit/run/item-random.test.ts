import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySink, type PipelineEvent } from '../../../src/events/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import type { PipelineRun, RunOutcome } from '../../../src/run/index.js';
import { type ItemPolicy, type Settled, type StageContext, StageOutput } from '../../../src/stage/index.js';
import { ManualClock } from '../../../src/testing/manual-clock.js';

/*
 * A run whose stage works on items, each by a run of its own, whose stages have items again. At one of all the moments at
 * which something waits, one thing happens.
 */

const GRACE_MS = 50;

interface Shape {
  readonly outer: number;
  readonly inner: number;
  readonly concurrency: number;
  readonly policy: ItemPolicy;
  readonly isStream: boolean;
  readonly isStubborn: boolean;
}

const KINDS = [
  'cancel',
  'fail',
  'cancel-inside',
  'skip',
  'timeout',
  'stage-timeout',
  'item-timeout',
  'cancel-stage',
  'cancel-item',
] as const;
interface Blow {
  readonly kind: (typeof KINDS)[number] | 'none';
  readonly at: number;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  outer: fc.nat(4),
  inner: fc.nat(3),
  concurrency: fc.integer({ min: 1, max: 3 }),
  policy: fc.constantFrom<ItemPolicy[]>('all', 'settled', { atLeast: 1 }),
  isStream: fc.boolean(),
  isStubborn: fc.boolean(),
});

class World {
  readonly sink = new MemorySink();
  readonly clock = new ManualClock();
  readonly calls = new Map<string, number>();
  alive = 0;
  openSources = 0;
  waits = 0;
  blown = false;
  run: PipelineRun | null = null;

  constructor(
    readonly shape: Shape,
    readonly blow: Blow,
  ) {}

  async outcome(): Promise<RunOutcome> {
    const { concurrency, policy } = this.shape;
    const { kind } = this.blow;
    const limit = { timeoutMs: 10 };
    const inner = new Pipeline('inner')
      .withStage('list', () => ({}))
      .forEach('in', 'list', (_, ctx) => this.source(ctx, this.shape.inner), {
        key: (item) => item,
        concurrency,
        policy,
        each: (ctx, item) => this.work(ctx, `${ctx.runId} ${item}`),
      })
      .repeat('again', {
        dependsOn: ['in'],
        iterate: (ctx) => this.work(ctx, `${ctx.runId} iteration ${ctx.iteration}`),
        until: (_, ctx) => ctx.iteration === 2,
        maxIterations: 3,
      });
    const outer = new Pipeline('outer')
      .withStage('list', () => ({}))
      .forEach('out', 'list', (_, ctx) => this.source(ctx, this.shape.outer), {
        key: (item) => item,
        concurrency,
        policy,
        ...(kind === 'item-timeout' ? limit : {}),
        ...(kind === 'stage-timeout' ? { stage: limit } : {}),
        each: async (ctx, item) => {
          const own = await this.work(ctx, item);
          if (own instanceof StageOutput) return own;
          await ctx.spawn(inner);
          return this.work(ctx, `${item} again`);
        },
      })
      .withStage('last', async (ctx) => this.work(ctx, 'last'), { dependsOn: ['out'] });
    const options = kind === 'timeout' ? limit : {};
    this.run = outer.build({ clock: this.clock, sinks: [this.sink], graceMs: GRACE_MS }).start({}, options);
    return this.run.result;
  }

  source(ctx: StageContext, count: number): Iterable<string> | AsyncIterable<string> {
    const items = Array.from({ length: count }, (_, index) => `i${index}`);
    return this.shape.isStream ? this.stream(ctx, items) : items;
  }

  async *stream(ctx: StageContext, items: readonly string[]): AsyncGenerator<string> {
    this.openSources++;
    try {
      for (const item of items) {
        await this.wait(ctx, false);
        yield item;
      }
    } finally {
      this.openSources--;
    }
  }

  async work(ctx: StageContext, name: string): Promise<object> {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    this.alive++;
    try {
      for (let wait = 0; wait < 2; wait++) {
        const answer = await this.wait(ctx, true);
        if (answer !== null) return answer;
      }
      return { name };
    } finally {
      this.alive--;
    }
  }

  async wait(ctx: StageContext, mayAnswer: boolean): Promise<StageOutput | null> {
    const isMeant = this.waits++ === this.blow.at && !this.blown;
    await Promise.resolve();
    if (isMeant) {
      this.blown = true;
      const answer = await this.strike();
      if (mayAnswer && answer !== null) return answer;
    }
    if (!this.shape.isStubborn) ctx.checkpoint();
    return null;
  }

  async strike(): Promise<StageOutput | null> {
    const { kind } = this.blow;
    if (kind === 'fail') throw new Error('blown');
    if (kind === 'cancel-inside') return StageOutput.cancel('from inside');
    if (kind === 'skip') return StageOutput.skip('from inside');
    if (kind === 'cancel') this.run?.cancel('blown');
    if (kind === 'cancel-stage') this.run?.cancelStage('out', 'blown');
    if (kind === 'cancel-item') for (const key of ['i0', 'i1']) this.run?.cancelItem('out', key, 'blown');
    if (kind.endsWith('timeout')) await this.clock.advance(10);
    return null;
  }
}

type ItemEvent = PipelineEvent & { readonly stage: string; readonly key: string; readonly index: number };

const isItem = (event: PipelineEvent): event is ItemEvent => event.type.startsWith('stage.item.');
const itemId = ({ runId, stage, key }: ItemEvent): string => `${runId} ${stage} ${key}`;

function check(world: World, outcome: RunOutcome): void {
  const { events } = world.sink;
  expect(world.alive).toBe(0);
  expect(world.openSources).toBe(0);
  expect(world.clock.pendingTimers).toBe(0);
  expect([...world.calls.values()].every((calls) => calls === 1)).toBe(true);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(outcome.results.abandoned).toEqual([]);
  checkItems(events);
  checkStages(world, outcome);
}

/** Every item that began ended once, after that, and while its stage went on. */
function checkItems(events: readonly PipelineEvent[]): void {
  const ends = new Map<string, ItemEvent>();
  const starts = new Map<string, ItemEvent>();
  for (const event of events.filter(isItem)) {
    const into = event.type === 'stage.item.started' ? starts : ends;
    expect(into.has(itemId(event)), itemId(event)).toBe(false);
    into.set(itemId(event), event);
  }
  for (const [id, started] of starts) {
    const end = ends.get(id) as ItemEvent;
    expect(end?.sequence, id).toBeGreaterThan(started.sequence);
    const stage = events.find((event) => isEndOf(event, started)) as PipelineEvent;
    expect(stage.sequence).toBeGreaterThan(end.sequence);
  }
  for (const [id, end] of ends) if (end.type !== 'stage.item.cancelled') expect(starts.has(id)).toBe(true);
}

function isEndOf(event: PipelineEvent, { runId, stage }: ItemEvent): boolean {
  const isEnd = /^stage\.(completed|failed|cancelled|skipped)$/.test(event.type);
  return isEnd && event.runId === runId && 'stage' in event && event.stage === stage;
}

function checkStages({ shape, blow, blown, sink, waits }: World, outcome: RunOutcome): void {
  const out = outcome.results.stage('out');
  const ofOut = sink.events.filter(isItem).filter(({ stage }) => stage === 'out');
  const count = (end: string): number => ofOut.filter(({ type }) => type === `stage.item.${end}`).length;
  if (out.status === 'ok') {
    // Nothing is lost: every item of the source has one end, in order, and it is the one that was told.
    const { items } = out.data as { items: any };
    const all: Settled[] =
      shape.policy === 'all' ? [] : shape.policy === 'settled' ? items : [...items.completed, ...items.missing];
    const told = ['completed', 'failed', 'skipped', 'cancelled'].reduce((sum, end) => sum + count(end), 0);
    expect(told).toBe(shape.outer);
    if (shape.policy === 'all') {
      expect(count('failed') + count('cancelled')).toBe(0);
      expect(items).toHaveLength(shape.outer - count('skipped'));
    } else {
      expect(all.map(({ index }) => index).sort()).toEqual(Array.from({ length: shape.outer }, (_, index) => index));
      expect(all.filter(({ status }) => status === 'ok')).toHaveLength(count('completed'));
      expect(all.filter(({ status }) => status === 'fail')).toHaveLength(count('failed'));
    }
  }
  const isTooFew = typeof shape.policy === 'object' && count('completed') < 1;
  if (!blown || blow.kind === 'none' || blow.kind === 'skip') {
    const lacks = typeof shape.policy === 'object' && (shape.outer === 0 || shape.inner === 0 || isTooFew || blown);
    if (!lacks) expect(outcome.status, `${waits}`).toBe('completed');
  }
  if (blown && blow.kind === 'cancel') expect(outcome.status).toBe('cancelled');
  if (blown && blow.kind === 'timeout') expect(outcome).toMatchObject({ error: { code: 'RUN_TIMEOUT' } });
  if (blown && blow.kind === 'fail' && shape.policy === 'all') expect(outcome.status).toBe('failed');
  const codes = blow.kind === 'stage-timeout' ? /^ITEM|STAGE_TIMEOUT/ : /^ITEM/;
  if (out.status === 'fail') expect(out.failure?.code).toMatch(codes);
}

describe('whatever happens at whichever await of nested runs with items', () => {
  it('nothing stays alive, every end is told once and true, and no item is lost or worked on twice', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.constantFrom(...KINDS), fc.nat(80), async (shape, kind, at) => {
        const world = new World(shape, { kind, at });
        check(world, await world.outcome());
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  it.each(['all', 'settled'] as const)('also at every single one of them, under %s', async (policy) => {
    const shape: Shape = { outer: 3, inner: 2, concurrency: 2, policy, isStream: true, isStubborn: false };
    const calm = new World(shape, { kind: 'none', at: -1 });
    check(calm, await calm.outcome());
    expect(calm.waits).toBeGreaterThan(30);
    for (const kind of KINDS) {
      // Moving a clock takes turns of the event loop: enough to try every third of them.
      for (let at = 0; at < calm.waits; at += kind.endsWith('timeout') ? 3 : 1) {
        const world = new World(shape, { kind, at });
        check(world, await world.outcome());
      }
    }
  });
});
