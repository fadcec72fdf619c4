import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FifoQueue, PriorityQueue, type ReadyQueue } from '../../../src/run/ready-queue.js';

const drain = (queue: ReadyQueue): number[] => {
  const out: number[] = [];
  for (let next = queue.shift(); next >= 0; next = queue.shift()) out.push(next);
  return out;
};

describe('the queue without priorities', () => {
  it('is first in, first out, and can be used again when empty', () => {
    const queue = new FifoQueue();
    for (const stage of [3, 1, 2]) queue.push(stage);
    expect(queue.size).toBe(3);
    expect(drain(queue)).toEqual([3, 1, 2]);
    expect([queue.size, queue.shift()]).toEqual([0, -1]);
    queue.push(9);
    expect(drain(queue)).toEqual([9]);
  });
});

describe('the queue with priorities', () => {
  it('gives higher priorities first and equal ones by arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 200 }), (priorities) => {
        const queue = new PriorityQueue(priorities);
        for (const stage of priorities.keys()) queue.push(stage);
        expect(queue.size).toBe(priorities.length);
        const expected = [...priorities.keys()].sort((a, b) => priorities[b]! - priorities[a]! || a - b);
        expect(drain(queue)).toEqual(expected);
      }),
      { seed: 11 },
    );
  });

  it('agrees with a sorted list when pushes and shifts are mixed', () => {
    const priority = fc.integer({ min: -2, max: 2 });
    fc.assert(
      fc.property(fc.array(fc.option(priority, { nil: null }), { maxLength: 300 }), (steps) => {
        const priorities: number[] = [];
        const queue = new PriorityQueue(priorities);
        const model: { stage: number; rank: number }[] = [];
        for (const step of steps) {
          if (step === null) {
            model.sort((a, b) => a.rank - b.rank || a.stage - b.stage);
            expect(queue.shift()).toBe(model.shift()?.stage ?? -1);
          } else {
            const stage = priorities.push(step) - 1;
            model.push({ stage, rank: stage - step * 1_000 });
            queue.push(stage);
          }
        }
      }),
      { seed: 12 },
    );
  });

  it('never starves a low priority, however many higher ones keep coming (009)', () => {
    const priorities = [0, ...Array.from({ length: 5_000 }, () => 3)];
    const queue = new PriorityQueue(priorities);
    queue.push(0);
    queue.push(1);
    let overtaken = 0;
    for (let arriving = 2; arriving < priorities.length; arriving++) {
      if (queue.shift() === 0) break;
      overtaken++;
      queue.push(arriving);
    }
    expect(overtaken).toBeGreaterThan(1_000);
    expect(overtaken).toBeLessThanOrEqual(3_000);
  });
});
