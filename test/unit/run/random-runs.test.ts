import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/clock/index.js';
import type { PipelineEvent } from '../../../src/events/index.js';
import type { PipelineRun, RunOutcome, StageResult } from '../../../src/run/index.js';
import { type StageContext, StageOutput } from '../../../src/stage/index.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { type HandStage, Rig } from './hand-bound.js';

const Ending = fc.constantFrom('ok', 'ok', 'ok', 'ok', 'skip', 'fail', 'unselected', 'late failure', 'cancel');

interface Wish {
  readonly from: readonly { readonly stage: number; readonly optional: boolean }[];
  readonly ending: string;
  /** 0: returns at once; 1: after a promise; more: sleeps so many ms. */
  readonly takes: number;
  readonly priority: number;
  readonly timeoutMs: number;
  readonly deaf: boolean;
  readonly wrapped: boolean;
}
interface Case {
  readonly stages: readonly Wish[];
  readonly failurePolicy: 'fail-fast' | 'continue';
  readonly maxConcurrency: number;
  readonly stop: {
    readonly atMs: number;
    readonly how: 'cancel' | 'cancelStage' | 'deadline' | 'nothing';
    readonly stage: number;
  };
}

const wish = (index: number): fc.Arbitrary<Wish> =>
  fc.record({
    from:
      index === 0
        ? fc.constant([])
        : fc.uniqueArray(fc.record({ stage: fc.nat(index - 1), optional: fc.boolean() }), {
            maxLength: 3,
            selector: ({ stage }) => stage,
          }),
    ending: Ending,
    takes: fc.constantFrom(0, 0, 1, 1, 5, 10, 20),
    priority: fc.constantFrom(0, 0, 1, -1),
    timeoutMs: fc.constantFrom(0, 0, 0, 8),
    deaf: fc.constantFrom(false, false, false, true),
    wrapped: fc.boolean(),
  });

const cases: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.record({
    stages: fc.tuple(...Array.from({ length: size }, (_, i) => wish(i))),
    failurePolicy: fc.constantFrom('fail-fast' as const, 'continue' as const),
    maxConcurrency: fc.constantFrom(1, 2, 3, 100),
    stop: fc.record({
      atMs: fc.constantFrom(0, 3, 5, 9, 15, 30),
      how: fc.constantFrom('cancel', 'cancelStage', 'deadline', 'nothing', 'nothing'),
      stage: fc.nat(size - 1),
    }),
  }),
);

/** What happened, as the stages themselves saw it. */
class Witness {
  readonly started = new Map<string, number>();
  readonly strangers: string[] = [];
  running = 0;
  most = 0;

  clock: Clock | null = null;

  body({ ending, takes, deaf }: Wish, name: string): NonNullable<HandStage['run']> {
    const end = (): unknown => {
      if (ending === 'fail') throw new Error(`${name} failed`);
      if (ending === 'late failure') return StageOutput.fail(`${name} failed late`);
      if (ending === 'skip') return StageOutput.skip('said so');
      if (ending === 'cancel') return StageOutput.cancel('said so');
      return { name };
    };
    return (ctx) => {
      this.started.set(name, (this.started.get(name) ?? 0) + 1);
      this.most = Math.max(this.most, ++this.running);
      this.#look(ctx);
      const leave = (): void => void this.running--;
      if (takes === 0) {
        leave();
        return end();
      }
      const wait = takes === 1 ? Promise.resolve() : this.#wait(ctx, takes, deaf);
      return wait.finally(leave).then(end);
    };
  }

  /** Deaf stages hear nothing of a cancel, and some take longer than the grace period. */
  #wait(ctx: StageContext, ms: number, deaf: boolean): Promise<void> {
    return deaf ? new Promise((resolve) => void this.clock?.setTimer(ms * 7, resolve)) : ctx.sleep(ms);
  }

  /** Whatever it may read belongs to a dependency that has settled. */
  #look(ctx: StageContext): void {
    for (const { stage } of ctx.stage.dependsOn) {
      const { status } = ctx.inputs.status(stage);
      if (!['ok', 'skip', 'fail', 'cancel'].includes(status))
        this.strangers.push(`${ctx.stage.name} saw ${stage} ${status}`);
      const data = status === 'ok' ? ctx.inputs.from(stage) : { name: stage };
      if (data?.name !== stage) this.strangers.push(`${ctx.stage.name} read ${JSON.stringify(data)} of ${stage}`);
    }
  }
}

const nameOf = (index: number): string => `s${index}`;

function rigFor({ stages, failurePolicy, maxConcurrency }: Case, witness = new Witness()): Rig {
  const rig = new Rig(
    stages.map<HandStage>((own, index) => ({
      name: nameOf(index),
      dependsOn: own.from.map(({ stage, optional }) => ({ stage: nameOf(stage), optional })),
      priority: own.priority,
      timeoutMs: own.timeoutMs,
      run: witness.body(own, nameOf(index)),
      interceptors: own.wrapped ? [{ name: 'wrapping', intercept: (_, next) => next() }] : [],
      ...(own.ending === 'unselected' ? { when: () => false } : {}),
    })),
    { failurePolicy, maxConcurrency, graceMs: 50 },
  );
  witness.clock = rig.clock;
  return rig;
}

/** The outcome of a run that has had all the time it can need. */
function ended({ result }: PipelineRun): Promise<RunOutcome> {
  const never = settle().then(() => {
    throw new Error('The run never ends.');
  });
  return Promise.race([result, never]);
}

interface Played {
  readonly outcome: RunOutcome;
  readonly read: readonly PipelineEvent[];
}

/** Starts `count` runs, stops them all at the same point, and gives them all the time they can need. */
async function play(given: Case, rig: Rig, count: number): Promise<Played[]> {
  const { how, atMs, stage } = given.stop;
  const options = how === 'deadline' ? { timeoutMs: atMs + 1 } : {};
  const runs = Array.from({ length: count }, () => rig.start({}, options));
  await rig.clock.advance(atMs);
  for (const run of runs) {
    if (how === 'cancel') run.cancel('stopped');
    if (how === 'cancelStage') run.cancelStage(nameOf(stage), 'stopped');
  }
  await rig.clock.advance(1_000);
  return Promise.all(
    runs.map(async (run) => {
      const outcome = await ended(run);
      const read: PipelineEvent[] = [];
      for await (const event of run.events) read.push(event);
      return { outcome, read };
    }),
  );
}

const STARTED = new Set(['stage.started']);
const ABANDONED = new Set(['stage.abandoned']);
const ENDED = new Set(['stage.completed', 'stage.failed', 'stage.skipped', 'stage.cancelled']);
const FINAL = new Set(['pipeline.completed', 'pipeline.failed', 'pipeline.cancelled']);

function stageEvents(events: readonly PipelineEvent[], types: ReadonlySet<string>): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const event of events) {
    if (!types.has(event.type) || !('stage' in event) || event.stage === null) continue;
    found.set(event.stage, [...(found.get(event.stage) ?? []), event.sequence]);
  }
  return found;
}

/** Sequence numbers without gaps, one beginning, one end, and every started stage ends exactly once. */
function checkEvents(events: readonly PipelineEvent[]): void {
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
  expect(events[0]?.type).toBe('pipeline.started');
  expect(events.filter(({ type }) => FINAL.has(type))).toEqual([events.at(-1)]);
  const [started, ended] = [stageEvents(events, STARTED), stageEvents(events, ENDED)];
  for (const at of stageEvents(events, ABANDONED).values()) expect(at).toHaveLength(1);
  for (const [stage, at] of started) {
    expect([stage, at.length, ended.get(stage)?.length]).toEqual([stage, 1, 1]);
    expect(ended.get(stage)?.[0]).toBeGreaterThan(at[0]!);
  }
}

/** A stage starts after each of its dependencies has ended. */
function checkOrder({ stages }: Case, events: readonly PipelineEvent[]): void {
  const [started, ended] = [stageEvents(events, STARTED), stageEvents(events, ENDED)];
  for (const [index, { from }] of stages.entries()) {
    const start = started.get(nameOf(index))?.[0];
    if (start === undefined) continue;
    for (const { stage } of from) expect(ended.get(nameOf(stage))?.[0]).toBeLessThan(start);
  }
}

/** Every stage has one final status, and it is one that the statuses of its dependencies allow. */
function checkStatuses({ stages }: Case, outcome: RunOutcome, witness: Witness): void {
  const results: readonly StageResult[] = outcome.results.stages;
  const blocks = ({ status, skipCause }: StageResult): boolean =>
    status === 'fail' ||
    status === 'cancel' ||
    skipCause === 'dependency-failed' ||
    skipCause === 'dependency-cancelled';
  for (const [index, { from }] of stages.entries()) {
    const result = results[index]!;
    const ran = witness.started.has(result.stage);
    expect(result.status).not.toBe('running');
    if (result.status === 'ok' || result.skipCause === 'returned') expect(ran).toBe(true);
    if (result.status === 'not-started' || (result.status === 'skip' && result.skipCause !== 'returned'))
      expect(ran).toBe(false);
    if (result.status === 'not-started') expect(outcome.status).not.toBe('completed');
    const required = from.filter(({ optional }) => !optional).map(({ stage }) => results[stage]!);
    if (ran) {
      expect(required.filter(blocks)).toEqual([]);
      expect(from.map(({ stage }) => results[stage]!.status)).not.toContain('not-started');
      const unselected = required.filter(({ skipCause }) => skipCause === 'not-selected');
      if (required.length > 0) expect(unselected.length).toBeLessThan(required.length);
    }
    if (result.skipCause === 'dependency-failed' || result.skipCause === 'dependency-cancelled') {
      expect(required.some(blocks)).toBe(true);
    }
  }
}

/** Completed means that nothing failed that was not tolerated, and that nobody stopped it. */
function checkOutcome(given: Case, outcome: RunOutcome): void {
  const dependents = (index: number) => given.stages.flatMap(({ from }) => from.filter(({ stage }) => stage === index));
  const tolerated = (index: number): boolean => {
    const edges = dependents(index);
    return edges.length > 0 && edges.every(({ optional }) => optional);
  };
  const fatal = outcome.results.stages.filter(({ status }, index) => status === 'fail' && !tolerated(index));
  if (outcome.status === 'completed') expect(fatal).toEqual([]);
  else if (outcome.status === 'failed' && outcome.error.code !== 'RUN_TIMEOUT') {
    expect(fatal.map(({ stage }) => stage)).toContain((outcome.error as { stage?: string }).stage);
  }
  if (outcome.status === 'cancelled' && outcome.error.stage === null) expect(given.stop.how).toBe('cancel');
}

describe('any run of any graph, stopped at any point', () => {
  it('starts stages after their dependencies, none twice, within the limit, and leaves nothing alive', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const witness = new Witness();
        const rig = rigFor(given, witness);
        const [{ outcome, read }] = (await play(given, rig, 1)) as [Played];
        expect(witness.strangers).toEqual([]);
        expect([...witness.started.values()].filter((count) => count !== 1)).toEqual([]);
        expect(witness.running).toBe(0);
        // An abandoned stage has given up its place.
        if (outcome.results.abandoned.length === 0) expect(witness.most).toBeLessThanOrEqual(given.maxConcurrency);
        expect(rig.clock.pendingTimers).toBe(0);
        expect(read).toEqual(rig.sink.events);
        checkEvents(rig.sink.events);
        checkOrder(given, rig.sink.events);
        checkStatuses(given, outcome, witness);
        checkOutcome(given, outcome);
      }),
      { numRuns: 1_500, seed: 42 },
    );
  }, 60_000);

  it('is the same for two at once as for one alone: they never see each other', async () => {
    const story = (events: readonly PipelineEvent[], runId: string) =>
      events
        .filter((event) => event.runId === runId)
        .map(({ type, sequence, at, ...rest }) => [sequence, type, at, 'stage' in rest && rest.stage]);
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const alone = rigFor(given);
        const [first] = (await play(given, alone, 1)) as [Played];
        const together = rigFor(given);
        const both = await play(given, together, 2);
        const expected = story(alone.sink.events, first.outcome.results.runId);
        for (const { outcome } of both) {
          expect(outcome.status).toBe(first.outcome.status);
          const { runId } = outcome.results;
          expect(story(together.sink.events, runId)).toEqual(expected);
          expect(outcome.results.stages.map(({ status }) => status)).toEqual(
            first.outcome.results.stages.map(({ status }) => status),
          );
        }
      }),
      { numRuns: 400, seed: 43 },
    );
  }, 60_000);
});
