import { describe, expect, it } from 'vitest';
import { StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { type HandStage, Rig, statusOf } from './hand-bound.js';

const join = (atLeast: number, of: readonly string[]): HandStage => ({
  name: 'join',
  quorums: [{ atLeast, of }],
  run: (ctx) => ({ read: Object.keys(ctx.inputs.outputs()), a: ctx.inputs.from('a') }),
});
const member = (name: string, run: HandStage['run'] = () => ({ name })): HandStage => ({ name, run });
const fails = () => StageOutput.fail('no');

describe('a quorum', () => {
  it('runs the stage with what completed, and tolerates who failed', async () => {
    const rig = new Rig([member('a', fails), member('b'), member('c'), join(2, ['a', 'b', 'c'])]);
    const { status, results } = await rig.outcome();
    expect(status).toBe('completed');
    expect(results.of('join')).toEqual({ read: ['b', 'c'], a: undefined });
  });

  it('waits for all, so that what is read does not depend on who was faster', async () => {
    const gate = new Gate();
    const rig = new Rig([member('a'), member('b'), member('c', () => gate.pass()), join(2, ['a', 'b', 'c'])]);
    const run = rig.start();
    await settle();
    expect(rig.story).not.toContain('stage.started join');
    gate.open();
    expect((await run.result).results.of('join').read).toEqual(['a', 'b', 'c']);
  });

  it.each(['fail-fast', 'continue'] as const)(
    'fails the run under %s if too few complete, naming them',
    async (failurePolicy) => {
      const rig = new Rig([member('a', fails), member('b', fails), member('c'), join(2, ['a', 'b', 'c'])], {
        failurePolicy,
      });
      const outcome = await rig.outcome();
      expect(outcome.status === 'failed' && outcome.error.message).toMatch(
        'Stage "join" of pipeline "hand" failed: Stage "join" could not run: only 1 of the 2 that must complete did: "a" failed, "b" failed.',
      );
      expect(outcome.results.stage('join')).toMatchObject({ failure: { code: 'QUORUM_NOT_REACHED' }, attempts: 0 });
    },
  );

  it('skips the stage as not selected if nobody failed', async () => {
    const skips = () => StageOutput.skip('empty');
    const outcome = await new Rig([member('a', skips), member('b'), join(2, ['a', 'b'])]).outcome();
    expect([outcome.status, statusOf(outcome, 'join')]).toEqual(['completed', 'skip']);
    expect(outcome.results.stage('join')).toMatchObject({
      skipCause: 'not-selected',
      reason: 'only 1 of the 2 that must complete did: "a" was skipped',
    });
  });

  it('holds together with what the stage requires besides', async () => {
    const rig = new Rig(
      [member('a'), member('b', fails), member('must', fails), { ...join(1, ['a', 'b']), dependsOn: ['must'] }],
      { failurePolicy: 'continue' },
    );
    const { results } = await rig.outcome();
    expect(results.stage('join')).toMatchObject({ skipCause: 'dependency-failed', reason: '"must" failed' });
  });
});
