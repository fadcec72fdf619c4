import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/clock/index.js';
import { Deadline, DeadlineQueue } from '../../../src/run/deadline-queue.js';
import { ManualClock } from '../../../src/testing/manual-clock.js';

class Recording extends Deadline {
  constructor(readonly action: () => void) {
    super();
  }

  override onDue(): void {
    this.action();
  }
}

/** A clock whose timers can rest, and which fires the last one on demand. */
function restingClock(seen: string[]): Clock & { fire(): void } {
  let last = () => {};
  return {
    now: () => 0,
    toEpochMs: (stamp) => stamp,
    setTimer: (delayMs, callback) => {
      seen.push(`set ${delayMs}`);
      last = callback;
      return { clear: () => seen.push('clear'), keepAlive: (on) => seen.push(on ? 'wake' : 'rest') };
    },
    fire: () => last(),
  };
}

describe('a deadline queue', () => {
  it('calls each deadline once, when its time has come', async () => {
    const clock = new ManualClock(0);
    const queue = new DeadlineQueue(clock);
    const fired: string[] = [];
    const arm = (name: string, limitMs: number) =>
      queue.arm(new Recording(() => void fired.push(`${name}@${clock.now()}`)), limitMs, clock.now());
    arm('a', 50);
    arm('b', 20);
    await clock.advance(10);
    arm('c', 50);
    await clock.advance(100);
    expect(fired).toEqual(['b@20', 'a@50', 'c@60']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('needs one timer for equal limits, and forgets it on release', async () => {
    const clock = new ManualClock(0);
    const queue = new DeadlineQueue(clock);
    const deadlines = Array.from({ length: 1_000 }, () => new Recording(() => expect.unreachable()));
    for (const deadline of deadlines) queue.arm(deadline, 50, clock.now());
    expect(clock.pendingTimers).toBe(1);
    for (const deadline of deadlines) queue.disarm(deadline);
    queue.release();
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(100);
  });

  it('release keeps the timer of what is still armed', async () => {
    const clock = new ManualClock(0);
    const queue = new DeadlineQueue(clock);
    let fired = 0;
    queue.arm(new Recording(() => fired++), 50, clock.now());
    queue.release();
    await clock.advance(50);
    expect(fired).toBe(1);
  });

  it('puts the timer of an empty list to rest where the clock offers it, and wakes it when it is wanted again', () => {
    const seen: string[] = [];
    const queue = new DeadlineQueue(restingClock(seen));
    const deadline = new Recording(() => expect.unreachable());
    for (let run = 0; run < 2; run++) {
      queue.arm(deadline, 50, 0);
      queue.release(); // still armed: nothing happens
      queue.disarm(deadline);
      queue.release();
      queue.release();
    }
    expect(seen).toEqual(['set 50', 'rest', 'wake', 'rest']);
    queue.close();
    queue.arm(deadline, 50, 0);
    expect(seen.slice(4)).toEqual(['clear', 'set 50']);
  });

  it('forgets a timer that comes due at rest', () => {
    const seen: string[] = [];
    const clock = restingClock(seen);
    const queue = new DeadlineQueue(clock);
    const deadline = new Recording(() => expect.unreachable());
    queue.arm(deadline, 50, 0);
    queue.disarm(deadline);
    queue.release();
    clock.fire();
    queue.arm(deadline, 50, 0);
    expect(seen).toEqual(['set 50', 'rest', 'set 50']);
  });

  it('can be disarmed twice, re-armed in onDue, and disarm others in onDue', async () => {
    const clock = new ManualClock(0);
    const queue = new DeadlineQueue(clock);
    const fired: number[] = [];
    const second = new Recording(() => expect.unreachable());
    const first: Recording = new Recording(() => {
      fired.push(clock.now());
      queue.disarm(second);
      queue.disarm(second);
      if (fired.length === 1) queue.arm(first, 50, clock.now());
    });
    queue.arm(first, 50, clock.now());
    queue.arm(second, 50, clock.now());
    await clock.advance(200);
    expect(fired).toEqual([50, 100]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('leaves no timer behind when a deadline releases the queue and arms another of the same limit', async () => {
    const clock = new ManualClock(0);
    const queue = new DeadlineQueue(clock);
    const second = new Recording(() => expect.unreachable());
    const first = new Recording(() => {
      queue.release();
      queue.arm(second, 50, clock.now());
    });
    queue.arm(first, 50, clock.now());
    await clock.advance(60);
    queue.disarm(second);
    queue.release();
    expect(clock.pendingTimers).toBe(0);
  });

  it('never fires early, twice, or after disarm, and fires everything else on time', async () => {
    const step = fc.record({
      limit: fc.constantFrom(0, 1, 5, 5, 20),
      wait: fc.integer({ min: 0, max: 7 }),
      disarm: fc.option(fc.nat(30), { nil: null }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const clock = new ManualClock(0);
        const queue = new DeadlineQueue(clock);
        const all: { deadline: Recording; due: number; fired: number[]; disarmedAt: number | null }[] = [];
        for (const { limit, wait, disarm } of steps) {
          const entry = { due: clock.now() + limit, fired: [] as number[], disarmedAt: null as number | null };
          const deadline = new Recording(() => void entry.fired.push(clock.now()));
          const record = Object.assign(entry, { deadline });
          all.push(record);
          queue.arm(deadline, limit, clock.now());
          await clock.advance(wait);
          const target = disarm === null ? undefined : all[disarm];
          if (target !== undefined) {
            queue.disarm(target.deadline);
            target.disarmedAt ??= clock.now();
          }
        }
        await clock.advance(100);
        queue.release();
        for (const { due, fired, disarmedAt } of all) {
          expect(fired).toEqual(disarmedAt !== null && disarmedAt < due ? [] : [due]);
        }
        expect(clock.pendingTimers).toBe(0);
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});
