import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PipelineEvent } from '../../../src/events/index.js';
import type { RunOutcome } from '../../../src/run/index.js';
import { type StageContext, StageOutput } from '../../../src/stage/index.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { Rig, spawnable } from './hand-bound.js';

/** How often every stage waits before it is done, and so where it can be met. */
const WAITS = 3;
const GRACE_MS = 50;

interface Tree {
  /** The stages of each run, by the number of runs each of them starts. */
  readonly starts: readonly (readonly number[])[];
  readonly isStubborn: boolean;
  readonly failurePolicy: 'fail-fast' | 'continue';
}

interface Blow {
  readonly kind: 'cancel' | 'fail' | 'cancel-inside' | 'timeout' | 'cancel-stage' | 'none';
  /** Which of all waits it comes at. */
  readonly at: number;
}

const trees: fc.Arbitrary<Tree> = fc.record({
  starts: fc.array(fc.array(fc.nat(2), { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
  isStubborn: fc.boolean(),
  failurePolicy: fc.constantFrom('fail-fast' as const, 'continue' as const),
});

/** A tree of runs, three deep, in which one thing happens at one of the moments at which some stage waits. */
class World {
  readonly rig: Rig;
  alive = 0;
  waits = 0;
  /** How often each stage of each run was called. */
  readonly calls = new Map<string, number>();
  blown = false;
  #strike: (() => unknown) | null = null;

  constructor(
    readonly tree: Tree,
    readonly blow: Blow,
  ) {
    this.rig = new Rig(this.stages(0), { name: 'level 0', graceMs: GRACE_MS, failurePolicy: tree.failurePolicy });
  }

  stages(level: number) {
    return (this.tree.starts[level] ?? []).map((count, index) => ({
      name: `s${level}.${index}`,
      dependsOn: index > 1 ? [`s${level}.${index - 2}`] : [],
      run: (ctx: StageContext) => this.work(ctx, level, count),
    }));
  }

  async work(ctx: StageContext, level: number, count: number): Promise<unknown> {
    const key = `${ctx.runId} ${ctx.stage.name}`;
    this.calls.set(key, (this.calls.get(key) ?? 0) + 1);
    this.alive++;
    try {
      if ((await this.wait(ctx)) === 'cancel') return StageOutput.cancel('from inside');
      if (level < 2) {
        const next = spawnable(this.stages(level + 1), {
          name: `level ${level + 1}`,
          failurePolicy: this.tree.failurePolicy,
        });
        await Promise.all(Array.from({ length: count }, () => ctx.spawn(next)));
      }
      for (let wait = 1; wait < WAITS; wait++) {
        if ((await this.wait(ctx)) === 'cancel') return StageOutput.cancel('from inside');
      }
      return { done: ctx.stage.name };
    } finally {
      this.alive--;
    }
  }

  /** One await, at which it may happen. A stubborn stage does not look at whether it was cancelled. */
  async wait(ctx: StageContext): Promise<'cancel' | 'go on'> {
    const isMeant = this.waits++ === this.blow.at && !this.blown;
    await Promise.resolve();
    if (isMeant) {
      this.blown = true;
      if (this.blow.kind === 'fail') throw new Error('blown');
      if (this.blow.kind === 'cancel-inside') return 'cancel';
      await this.#strike?.();
    }
    if (!this.tree.isStubborn) ctx.checkpoint();
    return 'go on';
  }

  async run(): Promise<RunOutcome> {
    const { kind } = this.blow;
    const run = this.rig.start({}, kind === 'timeout' ? { timeoutMs: 10 } : {});
    this.#strike = () => {
      if (kind === 'cancel') run.cancel('blown');
      if (kind === 'cancel-stage') run.cancelStage('s0.0', 'blown');
      return kind === 'timeout' ? this.rig.clock.advance(10) : null;
    };
    return run.result;
  }
}

/** What must be so whatever has happened. */
function check(world: World, outcome: RunOutcome): void {
  const { events } = world.rig.sink;
  expect(world.alive).toBe(0);
  expect(world.rig.clock.pendingTimers).toBe(0);
  expect([...world.calls.values()].every((calls) => calls === 1)).toBe(true);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  for (const run of byRun(events).values()) {
    expect(run[0]?.type).toBe('pipeline.started');
    const ends = run.filter(({ type }) => /^pipeline\.(completed|failed|cancelled)$/.test(type));
    expect(ends).toEqual([run.at(-1)]);
    for (const started of run.filter(({ type }) => type === 'stage.started') as StageEvent[]) {
      const ended = run.filter((event) => isEnd(event) && (event as StageEvent).stage === started.stage);
      expect(ended).toHaveLength(1);
    }
  }
  checkNesting(events);
  checkOutcome(world, outcome);
}

type StageEvent = PipelineEvent & { readonly stage: string };

const isEnd = ({ type }: PipelineEvent): boolean => /^stage\.(completed|failed|cancelled)$/.test(type);

function byRun(events: readonly PipelineEvent[]): Map<string, PipelineEvent[]> {
  const runs = new Map<string, PipelineEvent[]>();
  for (const event of events) runs.set(event.runId, [...(runs.get(event.runId) ?? []), event]);
  return runs;
}

/** Every run lies between the start and the end of the stage that started it, and its failure or cancel is not lost there. */
function checkNesting(events: readonly PipelineEvent[]): void {
  for (const [runId, run] of byRun(events)) {
    const { parentRunId, lineage } = run[0] as PipelineEvent;
    if (parentRunId === null) continue;
    const above = events.filter((event) => event.runId === parentRunId) as StageEvent[];
    const started = above.find(({ type, stage }) => type === 'stage.started' && stage === lineage.parentStage);
    const ended = above.find((event) => isEnd(event) && event.stage === lineage.parentStage);
    const last = run.at(-1) as PipelineEvent;
    expect(started?.sequence).toBeLessThan(run[0]?.sequence ?? 0);
    expect(ended?.sequence, runId).toBeGreaterThan(last.sequence);
    if (last.type !== 'pipeline.completed') expect(ended?.type).not.toBe('stage.completed');
  }
}

function checkOutcome({ blow, blown, rig }: World, outcome: RunOutcome): void {
  const all = rig.sink.events;
  const counts = (type: string): number => all.filter((event) => event.type === type).length;
  if (!blown || blow.kind === 'none') {
    expect(outcome.status).toBe('completed');
    expect(counts('stage.failed') + counts('stage.cancelled')).toBe(0);
  } else if (blow.kind === 'fail') {
    expect(outcome.status).toBe('failed');
    // The stage itself, and those that wait for its run: everybody else is cancelled, or completes.
    expect(counts('stage.failed')).toBe(counts('pipeline.failed'));
    expect(counts('stage.failed')).toBeLessThanOrEqual(3);
  } else if (blow.kind === 'timeout') {
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'RUN_TIMEOUT' } });
    expect(counts('stage.failed')).toBe(0);
  } else if (blow.kind === 'cancel-stage') {
    expect(['completed', 'cancelled']).toContain(outcome.status);
    expect(counts('stage.failed')).toBe(0);
  } else {
    expect(outcome.status).toBe('cancelled');
    expect(counts('stage.failed')).toBe(0);
  }
}

describe('whatever happens at whichever await of nested runs', () => {
  const kinds = ['cancel', 'fail', 'cancel-inside', 'timeout', 'cancel-stage'] as const;

  it('nothing stays alive, every end is told once and true, and no stage is called twice', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.constantFrom(...kinds), fc.nat(120), async (tree, kind, at) => {
        const world = new World(tree, { kind, at });
        check(world, await world.run());
      }),
      { numRuns: 250, seed: 6 },
    );
  });

  it('also at every single one of them', async () => {
    const tree: Tree = { starts: [[2, 1], [1, 0], [0]], isStubborn: false, failurePolicy: 'fail-fast' };
    const calm = new World(tree, { kind: 'none', at: -1 });
    check(calm, await calm.run());
    expect(calm.waits).toBeGreaterThan(30);
    for (const kind of kinds) {
      for (let at = 0; at < calm.waits; at++) {
        const world = new World(tree, { kind, at });
        check(world, await world.run());
      }
    }
    await settle();
  });
});
