import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BufferedSink,
  CallbackSink,
  DropPolicy,
  type EventSink,
  MemorySink,
  type PipelineEvent,
} from '../../../src/events/index.js';
import { Gate } from '../../../src/testing/gate.js';

function event(sequence: number): PipelineEvent {
  const lineage = { parentStage: null, rootRunId: 'r', depth: 0, path: [] };
  const ids = { runId: 'r', parentRunId: null, correlationId: 'r', lineage, pipeline: 'p', at: 0 };
  return { type: 'stage.started', sequence, ...ids, stage: 's' };
}

const numbers = (events: readonly PipelineEvent[]): number[] => events.map(({ sequence }) => sequence);

/** Holds every event until the gate of its turn opens. */
class SlowSink implements EventSink {
  readonly seen: PipelineEvent[] = [];
  readonly gate = new Gate();

  async emit(given: PipelineEvent): Promise<void> {
    await this.gate.pass();
    this.seen.push(given);
  }
}

describe('a full buffer', () => {
  it('of two drops the newest two of four, counts them, tells of each and keeps the order', async () => {
    const behind = new MemorySink();
    const told: [number, number][] = [];
    const sink = new BufferedSink(behind, { capacity: 2, onDrop: (lost, count) => told.push([lost.sequence, count]) });
    for (const number of [1, 2, 3, 4]) sink.emit(event(number));
    await sink.drain();
    expect(numbers(behind.events)).toEqual([1, 2]);
    expect(sink.dropped).toBe(2);
    expect(told).toEqual([
      [3, 1],
      [4, 2],
    ]);
  });

  it('drops the oldest if told to, but never the event in flight', async () => {
    const slow = new SlowSink();
    const sink = new BufferedSink(slow, { capacity: 2, drop: DropPolicy.Oldest });
    sink.emit(event(1));
    await slow.gate.reached;
    for (const number of [2, 3, 4]) sink.emit(event(number));
    expect(sink.pending).toBe(2);
    slow.gate.open();
    await sink.drain();
    expect(numbers(slow.seen)).toEqual([1, 4]);
    expect(sink.dropped).toBe(2);
  });

  it('whose only place is in flight drops what comes, whatever the policy', async () => {
    const slow = new SlowSink();
    const sink = new BufferedSink(slow, { capacity: 1, drop: DropPolicy.Oldest });
    sink.emit(event(1));
    await slow.gate.reached;
    sink.emit(event(2));
    slow.gate.open();
    await sink.drain();
    expect(numbers(slow.seen)).toEqual([1]);
  });

  it('cannot have no capacity', () => {
    expect(() => new BufferedSink(new MemorySink(), { capacity: 0 })).toThrow(/at least 1/);
    expect(() => new BufferedSink(new MemorySink(), { capacity: Number.NaN })).toThrow(RangeError);
  });
});

describe('drain and stop', () => {
  it('lose nothing that was accepted, the event in flight included', async () => {
    const slow = new SlowSink();
    const sink = new BufferedSink(slow);
    for (const number of [1, 2, 3]) sink.emit(event(number));
    await slow.gate.reached;
    const stopped = sink.stop();
    slow.gate.open();
    await stopped;
    expect(numbers(slow.seen)).toEqual([1, 2, 3]);
    expect(sink.pending).toBe(0);
  });

  it('refuse what comes after stop, and count it', async () => {
    const behind = new MemorySink();
    const sink = new BufferedSink(behind);
    await sink.stop();
    sink.emit(event(1));
    await sink.stop();
    expect(behind.events).toEqual([]);
    expect(sink.dropped).toBe(1);
  });

  it('wait for events that come while they wait', async () => {
    const slow = new SlowSink();
    const sink = new BufferedSink(slow);
    sink.emit(event(1));
    const drained = sink.drain();
    await slow.gate.reached;
    sink.emit(event(2));
    slow.gate.open();
    await drained;
    expect(numbers(slow.seen)).toEqual([1, 2]);
  });
});

describe('errors', () => {
  it('of the sink behind are contained, told, and the rest is handed on', async () => {
    const seen: number[] = [];
    const errors: unknown[] = [];
    const behind = new CallbackSink(({ sequence }) => {
      if (sequence === 1) throw new Error('thrown');
      return sequence === 2 ? Promise.reject(new Error('rejected')) : void seen.push(sequence);
    });
    const sink = new BufferedSink(behind, { onError: (error, { sequence }) => errors.push([sequence, String(error)]) });
    for (const number of [1, 2, 3, 4]) sink.emit(event(number));
    await sink.stop();
    expect(seen).toEqual([3, 4]);
    expect(sink.failed).toBe(2);
    expect(errors).toEqual([
      [1, 'Error: thrown'],
      [2, 'Error: rejected'],
    ]);
  });

  it('of callbacks do not get out', async () => {
    const fail = (): never => {
      throw new Error('callback');
    };
    const sink = new BufferedSink(new CallbackSink(fail), { capacity: 1, onDrop: fail, onError: fail });
    sink.emit(event(1));
    sink.emit(event(2));
    await sink.stop();
    expect([sink.dropped, sink.failed]).toEqual([1, 1]);
  });
});

it('hands on in order and accounts for every event, whatever the bound, the policy and the pace', async () => {
  const policy = fc.constantFrom(...Object.values(DropPolicy));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), policy, fc.array(fc.nat(3)), async (capacity, drop, bursts) => {
      const seen: number[] = [];
      const behind = new CallbackSink(async ({ sequence }) => {
        await Promise.resolve();
        seen.push(sequence);
      });
      const sink = new BufferedSink(behind, { capacity, drop });
      let sent = 0;
      for (const size of bursts) {
        for (let count = 0; count < size; count++) sink.emit(event(++sent));
        expect(sink.pending).toBeLessThanOrEqual(capacity);
        await Promise.resolve();
      }
      await sink.stop();
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(seen.length + sink.dropped).toBe(sent);
    }),
    { seed: 111, numRuns: 100 },
  );
});
