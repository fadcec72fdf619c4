import { describe, expect, it } from 'vitest';
import { Journal, MemoryJournalStore, replay, resume } from '../../../src/journal/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { StageKind } from '../../../src/stage/index.js';
import { DyingStore, later } from './interrupted.js';

const key = { tenant: null, runId: 'run-1' };
const identity = { runId: 'run-1' };

/** A run whose stage starts another, of which one stage is of the kind given. */
function build(kind: StageKind, journal: Journal, calls: string[], waits: boolean) {
  const child = new Pipeline('child')
    .withStage('inner', () => ({ n: calls.push('inner') }), { kind })
    .withStage('rest', () => (waits ? new Promise<object>(() => {}) : { n: 0 }), { dependsOn: ['inner'] })
    .build();
  return new Pipeline('parent')
    .withStage('outer', async (ctx) => {
      calls.push('outer');
      return { n: (await ctx.spawn(child, {})).of('inner').n };
    })
    .build({ journal, graceMs: 0 });
}

async function interrupted(kind: StageKind) {
  const store = new MemoryJournalStore();
  const before: string[] = [];
  build(kind, new Journal({ store: new DyingStore(store, 2) }), before, true).start({ identity });
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  const journal = new Journal({ store, clock: later });
  const calls: string[] = [];
  const run = await resume(build(kind, journal, calls, false), journal, key);
  return { outcome: await run.result, calls, before };
}

describe('A stage that was interrupted while a run went on that it had started', () => {
  it('starts it again if that changed nothing', async () => {
    const { outcome, calls, before } = await interrupted(StageKind.Transform);
    expect(before).toEqual(['outer', 'inner']);
    expect(calls).toEqual(['outer', 'inner']);
    expect(outcome.status).toBe('completed');
  });

  it('does not if it may have changed the world', async () => {
    const { outcome, calls, before } = await interrupted(StageKind.Work);
    expect(before).toEqual(['outer', 'inner']);
    expect(calls).toEqual([]);
    expect(outcome.results.stage('outer').failure?.code).toBe('STAGE_OUTCOME_UNKNOWN');
  });
});

describe('A replay', () => {
  it('starts no runs: a stage that did stands for itself', async () => {
    const journal = new Journal({ store: new MemoryJournalStore() });
    const calls: string[] = [];
    const pipeline = build(StageKind.Work, journal, calls, false);
    await pipeline.run({ identity });
    const { divergence } = await replay(pipeline, await journal.read(key));
    expect(divergence).toBeNull();
    expect(calls).toEqual(['outer', 'inner']);
  });
});
