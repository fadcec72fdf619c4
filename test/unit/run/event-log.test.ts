import { describe, expect, it } from 'vitest';
import type { PipelineEvent } from '../../../src/events/index.js';
import { EventLog } from '../../../src/run/event-log.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { Rig, rejection } from './hand-bound.js';

const event = (sequence: number): PipelineEvent => ({
  type: 'custom',
  sequence,
  runId: 'r',
  parentRunId: null,
  lineage: { parentStage: null, rootRunId: 'r', depth: 0, path: [] },
  correlationId: 'r',
  pipeline: 'p',
  at: 0,
  stage: 's',
  name: 'n',
  data: null,
});

async function read(events: AsyncIterable<PipelineEvent>): Promise<number[]> {
  const sequences: number[] = [];
  for await (const { sequence } of events) sequences.push(sequence);
  return sequences;
}

describe('the events of a started run', () => {
  const rigWithGate = (gate: Gate) => new Rig([{ name: 'a' }, { name: 'b', dependsOn: ['a'], run: () => gate.pass() }]);

  it('can be read by several readers, while it runs and after', async () => {
    const gate = new Gate();
    const run = rigWithGate(gate).start();
    const early = [read(run.events), read(run.events)];
    await settle();
    gate.open();
    await run.result;
    const all = [1, 2, 3, 4, 5, 6];
    expect(await Promise.all(early)).toEqual([all, all]);
    expect(await read(run.events)).toEqual(all);
  });

  it('can be resumed after any sequence number', async () => {
    const gate = new Gate();
    const run = rigWithGate(gate).start();
    const seen: number[] = [];
    for await (const { sequence } of run.events) {
      seen.push(sequence);
      if (sequence === 4) break;
    }
    gate.open();
    seen.push(...(await read(run.events.after(4))));
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    for (let from = 0; from <= 6; from++) expect(await read(run.events.after(from))).toHaveLength(6 - from);
    expect(await read(run.events.after(99))).toEqual([]);
  });

  it('end with the run for a reader that waits', async () => {
    const run = new Rig([{ name: 'a', run: () => Promise.reject(new Error('no')) }]).start();
    const reader = read(run.events);
    expect((await run.result).status).toBe('failed');
    expect(await reader).toEqual([1, 2, 3, 4]);
  });
});

describe('an event log', () => {
  it('wakes readers for each event, in order, however fast they come', async () => {
    const log = new EventLog();
    const reader = read(log);
    for (let n = 1; n <= 100; n++) {
      log.emit(event(n));
      if (n % 7 === 0) await settle();
    }
    log.end();
    expect(await reader).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('says RUN_EVENTS_EVICTED to a reader that fell too far behind, naming the oldest one kept', async () => {
    const log = new EventLog();
    const slow = log[Symbol.asyncIterator]();
    log.emit(event(1));
    expect((await slow.next()).value).toMatchObject({ sequence: 1 });
    for (let n = 2; n <= 70_000; n++) log.emit(event(n));
    log.end();
    const error = await rejection(slow.next());
    expect(error).toMatchObject({ code: 'RUN_EVENTS_EVICTED', details: { wanted: 2 } });
    const { oldest } = error.details;
    expect(await rejection(read(log.after(oldest - 2)))).toMatchObject({ code: 'RUN_EVENTS_EVICTED' });
    const kept = await read(log.after(oldest - 1));
    expect(kept[0]).toBe(oldest);
    expect(kept.at(-1)).toBe(70_000);
    expect(kept).toHaveLength(70_000 - oldest + 1);
    expect(kept.length).toBeGreaterThanOrEqual(32_768);
  });
});
