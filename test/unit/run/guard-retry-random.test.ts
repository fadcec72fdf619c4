import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scheduler, Settlement, Verdict } from '../../../src/run/scheduler.js';
import { StageOutput } from '../../../src/stage/index.js';
import { type HandStage, Rig } from './hand-bound.js';

interface Wish {
  readonly from: readonly number[];
  /** For a guard: how often it fails before it passes. */
  readonly failures: number;
  readonly isGuard: boolean;
  readonly isSlow: boolean;
  readonly target: number;
}
interface Case {
  readonly stages: readonly Wish[];
  readonly maxConcurrency: number;
  readonly failurePolicy: 'fail-fast' | 'continue';
}

const ATTEMPTS = 4;

const cases: fc.Arbitrary<Case> = fc.integer({ min: 2, max: 10 }).chain((size) =>
  fc.record({
    stages: fc.tuple(
      ...Array.from({ length: size }, (_, i) =>
        fc.record({
          from: i === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat(i - 1), { minLength: i > 1 ? 1 : 0, maxLength: 3 }),
          failures: fc.nat(ATTEMPTS),
          isGuard: fc.boolean(),
          isSlow: fc.boolean(),
          target: fc.nat(20),
        }),
      ),
    ),
    maxConcurrency: fc.constantFrom(1, 2, 100),
    failurePolicy: fc.constantFrom('fail-fast' as const, 'continue' as const),
  }),
);

function ancestorsOf(stages: readonly Wish[], stage: number): number[] {
  const found = new Set<number>();
  const pending = [...stages[stage]!.from];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    pending.push(...stages[next]!.from);
  }
  return [...found].sort((a, b) => a - b);
}

/** Each stage hands on its own version and those of everything upstream, as it read them. */
function build(stages: readonly Wish[], calls: number[]): HandStage[] {
  return stages.map(({ from, failures, isGuard, isSlow, target }, i) => {
    const ancestors = ancestorsOf(stages, i);
    const guards = isGuard && ancestors.length > 0;
    let failed = 0;
    return {
      name: `s${i}`,
      dependsOn: from.map((stage) => `s${stage}`),
      kind: guards ? 'guard' : 'transform',
      ...(guards ? { retryFrom: { stage: `s${ancestors[target % ancestors.length]}`, attempts: ATTEMPTS } } : {}),
      run: async (ctx) => {
        const seen: Record<string, number> = {};
        for (const stage of from) {
          const read = ctx.inputs.from(`s${stage}`).seen as Record<string, number>;
          for (const [name, version] of Object.entries(read)) {
            if (seen[name] !== undefined) expect(seen[name]).toBe(version); // one version of everything, by every way
            seen[name] = version;
          }
        }
        seen[`s${i}`] = ++calls[i]!;
        if (isSlow) for (let turn = 0; turn < 4; turn++) await null;
        if (guards && failed < failures) return StageOutput.fail(`not yet ${++failed}`);
        return { seen };
      },
    };
  });
}

describe('going back, in random graphs with random guards', () => {
  it('lets every stage see the newest version of everything upstream, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ stages, ...options }) => {
        const calls = stages.map(() => 0);
        const rig = new Rig(build(stages, calls), options);
        const { status, results } = await rig.outcome();
        const guards = stages.filter(({ isGuard, from }) => isGuard && from.length > 0);
        expect(results.rounds).toBeLessThanOrEqual(1 + guards.length * (ATTEMPTS - 1));
        const exhausted = results.failures.length > 0;
        expect(status).toBe(exhausted ? 'failed' : 'completed');
        stages.forEach((_, i) => {
          const { status: ending, data, rounds, attempts } = results.stage(`s${i}`);
          expect(attempts).toBe(calls[i]);
          expect(rounds).toBe(calls[i]);
          if (ending !== 'ok') return;
          const { seen } = data as { seen: Record<string, number> };
          expect(seen[`s${i}`]).toBe(calls[i]);
          for (const up of ancestorsOf(stages, i)) expect(seen[`s${up}`]).toBe(calls[up]);
        });
      }),
      { numRuns: 250, seed: 37 },
    );
  });

  it('undoes what was done exactly once, the last first, wherever the run is cancelled', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(60), async ({ stages, ...options }, turns) => {
        const calls = stages.map(() => 0);
        const done: string[] = [];
        const undone: string[] = [];
        const work = build(stages, calls).map((stage, i): HandStage => {
          if (stage.kind === 'guard' || i % 2 === 1) return stage;
          return {
            ...stage,
            kind: 'work',
            compensate: ({ seen }) => void undone.push(`s${i} ${seen[`s${i}`]}`),
          };
        });
        const rig = new Rig(work, { ...options, graceMs: 1_000_000 });
        const run = rig.start();
        for (let turn = 0; turn < turns; turn++) await null;
        run.cancel('enough');
        const { status, results } = await run.result;
        for (const event of rig.sink.events) {
          if (event.type === 'stage.completed' && work[Number(event.stage.slice(1))]?.compensate)
            done.push(event.stage);
          if (event.type !== 'stage.compensated') continue;
          expect(done).toContain(event.stage); // of what has been done, and not been undone yet
          done.splice(done.lastIndexOf(event.stage), 1);
        }
        expect(new Set(undone).size).toBe(undone.length);
        expect(results.compensation?.undone.length ?? 0).toBe(undone.length);
        if (status !== 'completed') expect(done).toEqual([]);
      }),
      { numRuns: 200, seed: 145 },
    );
  });

  it('resets the scheduler to exactly where it was before the stages were reached', () => {
    const plan = {
      indegree: [0, 0, 2, 1, 2],
      requiredCount: [0, 0, 2, 1, 2],
      dependentOffsets: [0, 2, 3, 4, 5, 5],
      dependents: [2, 3, 2, 4, 4],
      dependentOptional: [0, 0, 0, 0, 0],
      roots: [0, 1],
      priorities: null,
    };
    const scheduler = new Scheduler(plan, 9);
    expect([scheduler.next(), scheduler.next()]).toEqual([0, 1]);
    scheduler.complete(0, Settlement.Unlocks);
    scheduler.complete(1, Settlement.Blocks);
    expect([scheduler.next(), scheduler.verdict(2)]).toEqual([3, Verdict.Blocked]);
    scheduler.complete(3, Settlement.NotSelected);
    scheduler.reset([0, 2, 3, 4]);
    expect([scheduler.next(), scheduler.next(), scheduler.running]).toEqual([0, -1, 1]);
    scheduler.complete(0, Settlement.Unlocks);
    expect([scheduler.next(), scheduler.next()]).toEqual([2, 3]);
    expect([scheduler.verdict(2), scheduler.verdict(3)]).toEqual([Verdict.Blocked, Verdict.Run]);
    scheduler.complete(2, Settlement.Unlocks);
    scheduler.complete(3, Settlement.Unlocks);
    expect([scheduler.next(), scheduler.verdict(4)]).toEqual([4, Verdict.Run]);
    scheduler.complete(4, Settlement.Unlocks);
    expect(scheduler.done).toBe(true);
  });
});
