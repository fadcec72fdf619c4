import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCallerOptions } from '../../../src/run/caller-rules.js';
import { compilePipeline } from '../../../src/run/compiled-pipeline.js';
import { Scheduler, Settlement, Verdict } from '../../../src/run/scheduler.js';
import { bind, type HandStage } from './hand-bound.js';

interface Edge {
  readonly from: number;
  readonly optional: boolean;
}
interface Plan {
  /** By stage, its dependencies: lower numbers only. */
  readonly edges: readonly (readonly Edge[])[];
  readonly settlements: readonly Settlement[];
  /** Which of the running stages finishes next, modulo their number. */
  readonly picks: readonly number[];
  readonly limit: number;
}

const plans: fc.Arbitrary<Plan> = fc.integer({ min: 1, max: 14 }).chain((size) =>
  fc.record({
    edges: fc.tuple(
      ...Array.from({ length: size }, (_, i) =>
        i === 0
          ? fc.constant([])
          : fc.uniqueArray(fc.record({ from: fc.nat(i - 1), optional: fc.boolean() }), {
              maxLength: 4,
              selector: ({ from }) => from,
            }),
      ),
    ),
    settlements: fc.array(fc.constantFrom(0, 0, 0, 1, 2) as fc.Arbitrary<Settlement>, {
      minLength: size,
      maxLength: size,
    }),
    picks: fc.array(fc.nat(20), { minLength: size, maxLength: size }),
    limit: fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY),
  }),
);

function schedulerOf({ edges, limit }: Plan): Scheduler {
  const stages = edges.map<HandStage>((own, i) => ({
    name: `s${i}`,
    dependsOn: own.map(({ from, optional }) => ({ stage: `s${from}`, optional })),
  }));
  const { schedule } = compilePipeline(bind(stages), readCallerOptions({}), Number.POSITIVE_INFINITY);
  return new Scheduler(schedule, limit);
}

/** What the definition says, without counters: from how its dependencies settled. */
function expectedVerdict(edges: readonly Edge[], settled: ReadonlyMap<number, Settlement>): Verdict {
  const required = edges.filter(({ optional }) => !optional).map(({ from }) => settled.get(from));
  if (required.includes(Settlement.Blocks)) return Verdict.Blocked;
  const unselected = required.length > 0 && required.every((settlement) => settlement === Settlement.NotSelected);
  return unselected ? Verdict.NotSelected : Verdict.Run;
}

describe('the scheduler', () => {
  it('agrees with a naive model on what is ready, what should happen to it, and when it is done', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const scheduler = schedulerOf(plan);
        const given: number[] = [];
        const running: number[] = [];
        const settled = new Map<number, Settlement>();
        const isReady = (i: number) => !given.includes(i) && plan.edges[i]!.every(({ from }) => settled.has(from));
        for (let step = 0; step < plan.edges.length; step++) {
          for (let stage = scheduler.next(); stage >= 0; stage = scheduler.next()) {
            expect(isReady(stage)).toBe(true);
            given.push(stage);
            running.push(stage);
            expect(scheduler.verdict(stage)).toBe(expectedVerdict(plan.edges[stage]!, settled));
          }
          expect(scheduler.running).toBe(running.length);
          expect(running.length).toBeLessThanOrEqual(plan.limit);
          const waiting = plan.edges.some((_, i) => isReady(i));
          expect(waiting && running.length < plan.limit).toBe(false);
          expect(scheduler.done).toBe(false);
          const [stage] = running.splice(plan.picks[step]! % running.length, 1) as [number];
          const verdict = expectedVerdict(plan.edges[stage]!, settled);
          const settlement =
            verdict === Verdict.Run
              ? plan.settlements[stage]!
              : verdict === Verdict.Blocked
                ? Settlement.Blocks
                : Settlement.NotSelected;
          settled.set(stage, settlement);
          scheduler.complete(stage, settlement);
        }
        expect(scheduler.done).toBe(true);
        expect(scheduler.next()).toBe(-1);
        expect(new Set(given).size).toBe(plan.edges.length);
      }),
      { numRuns: 400, seed: 20 },
    );
  });

  it('gives roots in declaration order, and nothing beyond the limit', () => {
    const scheduler = schedulerOf({ edges: [[], [], []], settlements: [], picks: [], limit: 2 });
    expect([scheduler.next(), scheduler.next(), scheduler.next()]).toEqual([0, 1, -1]);
    scheduler.complete(1, Settlement.Unlocks);
    expect(scheduler.next()).toBe(2);
  });

  it('keeps no state on its plan: two of one plan are independent', () => {
    const { schedule } = compilePipeline(
      bind([{ name: 'a' }, { name: 'b', dependsOn: ['a'] }]),
      readCallerOptions({}),
      Number.POSITIVE_INFINITY,
    );
    const [one, two] = [new Scheduler(schedule, 9), new Scheduler(schedule, 9)];
    one.complete(one.next(), Settlement.Blocks);
    expect([one.next(), one.verdict(1)]).toEqual([1, Verdict.Blocked]);
    expect([two.next(), two.next(), two.verdict(1)]).toEqual([0, -1, Verdict.Run]);
  });
});
