import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/clock/index.js';
import { RunClock } from '../../../src/run/run-clock.js';

/** Every reading is one later than the one before, so that a reading tells how often the clock was read. */
function countingClock(): Clock {
  let readings = 0;
  return {
    now: () => ++readings,
    toEpochMs: (stamp) => stamp,
    setTimer: () => ({ clear: () => {} }),
  };
}

/** Starts a stage that gives a promise: nothing of it is known to have taken time. */
function start(time: RunClock): number {
  const at = time.startTime();
  time.calling();
  return at;
}

describe('the clock of a run', () => {
  it('is read once for whatever happens before other code may run', () => {
    const time = new RunClock(countingClock());
    expect([time.now(), time.now(), time.startTime()]).toEqual([1, 1, 1]);
  });

  it('is read anew after a stage was called or has settled', () => {
    const time = new RunClock(countingClock());
    const started = start(time);
    expect(time.now()).toBe(started + 1);
    time.expire();
    expect(time.now()).toBe(started + 2);
  });

  it('lets eight stages that start in one go share a reading, and no more', () => {
    const time = new RunClock(countingClock());
    const starts = Array.from({ length: 17 }, () => start(time));
    expect(starts).toEqual([...Array(8).fill(1), ...Array(8).fill(2), 3]);
  });

  it('never dates the start of a stage before something that settled', () => {
    const time = new RunClock(countingClock());
    start(time);
    time.expire();
    const settledAt = time.now();
    expect(start(time)).toBe(settledAt);
    time.expire();
    expect(start(time)).toBeGreaterThan(settledAt);
  });

  it('wants a pause only after 16 stages and 10 ms without one', () => {
    const time = new RunClock(countingClock());
    time.paused();
    const wanted = Array.from({ length: 40 }, () => {
      time.expire(); // one ms per stage
      start(time);
      return time.wantsPause();
    });
    expect(wanted.indexOf(true)).toBe(15);
    time.paused();
    expect(time.wantsPause()).toBe(false);
  });
});
