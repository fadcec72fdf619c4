import { describe, expect, it } from 'vitest';
import { StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { type HandStage, Rig } from './hand-bound.js';

const fails = () => StageOutput.fail('secret-4711');
const graph = (): HandStage[] => [
  { name: 'a' },
  { name: 'b', dependsOn: ['a'], run: fails },
  { name: 'c', dependsOn: ['b'] },
  { name: 'd', dependsOn: ['c'] },
  { name: 'e', dependsOn: ['a'], run: async () => undefined },
];

describe('the summary of a run that did not complete', () => {
  it('says under fail-fast what was not started', async () => {
    const outcome = await new Rig([...graph().slice(0, 4), { name: 'e', dependsOn: ['d'] }]).outcome();
    expect(outcome.status === 'failed' && outcome.error.report).toEqual({
      failed: ['b'],
      tolerated: [],
      cancelled: [],
      skipped: [],
      notStarted: ['c', 'd', 'e'],
      stands: ['a'],
      undone: [],
      notUndone: [],
      text: 'Failed: "b". Not started: "c", "d", "e". Stands: "a".',
    });
  });

  it('says under continue what was skipped because of what, through others too (144)', async () => {
    const outcome = await new Rig(graph(), { failurePolicy: 'continue' }).outcome();
    expect(outcome.results.summary).toMatchObject({
      failed: ['b'],
      skipped: [
        { stage: 'c', because: ['b'] },
        { stage: 'd', because: ['b'] },
      ],
      stands: ['a', 'e'],
    });
    expect(outcome.results.summary?.text).toBe(
      'Failed: "b". Skipped: "c" (because of "b"), "d" (because of "b"). Stands: "a", "e".',
    );
  });

  it('names a failure that was tolerated, a quorum that was not reached, and work that was undone', async () => {
    const outcome = await new Rig([
      { name: 'book', kind: 'work', compensate: () => undefined },
      { name: 'pay', kind: 'work', dependsOn: ['book'], compensate: () => Promise.reject(new Error('gone')) },
      { name: 'x', dependsOn: ['pay'], run: fails },
      { name: 'y', dependsOn: ['pay'] },
      { name: 'join', quorums: [{ atLeast: 2, of: ['x', 'y'] }] },
    ]).outcome();
    expect(outcome.results.summary?.text).toBe(
      'Failed: "x", "join". Of these tolerated: "x". Stands: "pay", "y". Undone: "book". Could not be undone: "pay".',
    );
  });

  it('is there for a cancelled run, and not for one that completed', async () => {
    const gate = new Gate();
    const rig = new Rig([{ name: 'a' }, { name: 'b', dependsOn: ['a'], run: (ctx) => gate.pass(ctx.signal) }]);
    const run = rig.start();
    await settle();
    run.cancel('enough');
    const outcome = await run.result;
    expect(outcome.status === 'cancelled' && outcome.error.report.text).toBe('Cancelled: "b". Stands: "a".');
    expect((await new Rig([{ name: 'a' }]).outcome()).results.summary).toBeNull();
  });

  it('is a matter of seconds neither for a long chain nor for a wide fan', async () => {
    const chain = Array.from(
      { length: 20_000 },
      (_, i): HandStage => ({
        name: `s${i}`,
        dependsOn: i === 0 ? [] : [`s${i - 1}`],
        ...(i === 0 ? { run: fails } : {}),
      }),
    );
    const outcome = await new Rig(chain, { failurePolicy: 'continue' }).outcome();
    expect(outcome.results.summary?.skipped.at(-1)).toEqual({ stage: 's19999', because: ['s0'] });
  });
});
