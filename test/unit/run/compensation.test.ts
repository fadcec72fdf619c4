import { describe, expect, it } from 'vitest';
import { StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { type HandStage, Rig } from './hand-bound.js';

/** Work that can be undone, and says when it is. */
function work(name: string, undone: unknown[], more: Partial<HandStage> = {}): HandStage {
  return {
    name,
    kind: 'work',
    run: () => ({ id: `${name}-1` }),
    compensate: (output) => void undone.push(output),
    ...more,
  };
}

const failing = (...dependsOn: string[]): HandStage => ({ name: 'last', dependsOn, run: () => StageOutput.fail('no') });

describe('compensation', () => {
  it('undoes completed work in reverse order, once, before cleanups, and says so (145)', async () => {
    const undone: unknown[] = [];
    const rig = new Rig([
      work('reserve', undone, {
        run: (ctx) => {
          ctx.onCleanup(() => void undone.push('cleanup'));
          return { id: 'reserve-1' };
        },
      }),
      work('charge', undone, { dependsOn: ['reserve'] }),
      { name: 'mail', kind: 'work', dependsOn: ['charge'] },
      failing('mail'),
    ]);
    const { results } = await rig.outcome();
    expect(undone).toEqual([{ id: 'charge-1' }, { id: 'reserve-1' }, 'cleanup']);
    expect(results.compensation).toEqual({ undone: ['charge', 'reserve'], stands: ['mail'], failed: [] });
    expect(rig.story.slice(-4)).toEqual([
      'stage.failed last',
      'stage.compensated charge',
      'stage.compensated reserve',
      'pipeline.failed last',
    ]);
  });

  it('undoes nothing in a run that completes', async () => {
    const undone: unknown[] = [];
    const { results } = await new Rig([work('reserve', undone)]).outcome();
    expect([undone, results.compensation]).toEqual([[], null]);
  });

  it('undoes what had completed when the caller cancels, and is not cancelled itself', async () => {
    const gate = new Gate();
    const aborted: boolean[] = [];
    const rig = new Rig([
      work('reserve', [], { compensate: (_, ctx) => void aborted.push(ctx.signal.aborted) }),
      { name: 'wait', dependsOn: ['reserve'], run: (ctx) => gate.pass(ctx.signal) },
    ]);
    const run = rig.start();
    await settle();
    run.cancel('enough');
    const outcome = await run.result;
    expect([outcome.status, aborted, outcome.results.compensation?.undone]).toEqual([
      'cancelled',
      [false],
      ['reserve'],
    ]);
  });

  it('waits until every stage has stopped', async () => {
    const story: unknown[] = [];
    const gate = new Gate();
    const rig = new Rig([
      work('reserve', story),
      {
        name: 'slow',
        run: async () => {
          await gate.pass();
          story.push('stopped');
        },
      },
      failing('reserve'),
    ]);
    const run = rig.start();
    await settle();
    expect(story).toEqual([]);
    gate.open();
    await run.result;
    expect(story).toEqual(['stopped', { id: 'reserve-1' }]);
  });

  it('undoes the others when one cannot be undone, and reports it', async () => {
    const undone: unknown[] = [];
    const rig = new Rig([
      work('a', undone),
      work('b', undone, {
        dependsOn: ['a'],
        compensate: () => {
          throw new Error('gone');
        },
      }),
      failing('b'),
    ]);
    const { results } = await rig.outcome();
    expect(results.compensation).toMatchObject({
      undone: ['a'],
      failed: [{ stage: 'b', error: { code: 'COMPENSATION_FAILED' } }],
    });
    expect(results.compensation?.failed[0]?.error.message).toContain(
      'What stage "b" did could not be undone: its compensation threw: gone.',
    );
    expect(rig.story).toContain('stage.compensation_failed b');
  });

  it('stops waiting when the budget is used up, and does not begin the rest', async () => {
    const undone: unknown[] = [];
    const reasons: unknown[] = [];
    const rig = new Rig(
      [
        work('a', undone),
        work('b', undone, {
          dependsOn: ['a'],
          compensate: (_, ctx) =>
            new Promise(() => ctx.signal.addEventListener('abort', () => reasons.push(ctx.signal.reason.code))),
        }),
        failing('b'),
      ],
      { compensationMs: 50 },
    );
    const run = rig.start();
    await settle();
    rig.clock.advance(50);
    const { results } = await run.result;
    expect([undone, reasons]).toEqual([[], ['COMPENSATION_FAILED']]);
    const texts = results.compensation?.failed.map(({ stage, error }) => `${stage}: ${error.summary}`);
    expect(texts).toEqual([
      'b: What stage "b" did could not be undone: its compensation had not finished when the 50 ms for undoing were used up.',
      'a: What stage "a" did could not be undone: its compensation was not begun, since the 50 ms for undoing were used up.',
    ]);
  });

  it('undoes work before a guard has it done again', async () => {
    const story: unknown[] = [];
    let version = 0;
    const rig = new Rig([
      work('book', story, {
        run: () => {
          version++;
          story.push(`book ${version}`);
          return { version };
        },
      }),
      {
        name: 'check',
        kind: 'guard',
        dependsOn: ['book'],
        retryFrom: { stage: 'book', attempts: 3 },
        run: (ctx) => (ctx.inputs.from('book').version < 2 ? StageOutput.fail('poor') : undefined),
      },
    ]);
    const { status, results } = await rig.outcome();
    expect(status).toBe('completed');
    expect(story).toEqual(['book 1', { version: 1 }, 'book 2']);
    expect(results.compensation).toEqual({ undone: ['book'], stands: ['book'], failed: [] });
  });

  it('fails the run rather than do again what could not be undone', async () => {
    let booked = 0;
    const rig = new Rig([
      work('book', [], { run: () => ({ booked: ++booked }), compensate: () => Promise.reject(new Error('gone')) }),
      {
        name: 'check',
        kind: 'guard',
        dependsOn: ['book'],
        retryFrom: { stage: 'book', attempts: 3 },
        run: () => StageOutput.fail('poor'),
      },
    ]);
    const outcome = await rig.outcome();
    expect([outcome.status, booked]).toEqual(['failed', 1]);
    expect(outcome.status === 'failed' && outcome.error.code).toBe('COMPENSATION_FAILED');
    expect(outcome.results.compensation?.failed).toHaveLength(1);
  });

  it('undoes once what was being undone when the run is cancelled', async () => {
    const gate = new Gate();
    let undone = 0;
    const rig = new Rig([
      work('book', [], {
        compensate: async () => {
          undone++;
          await gate.pass();
        },
      }),
      {
        name: 'check',
        kind: 'guard',
        dependsOn: ['book'],
        retryFrom: { stage: 'book', attempts: 3 },
        run: () => StageOutput.fail('poor'),
      },
    ]);
    const run = rig.start();
    await gate.reached;
    run.cancel('enough');
    await settle();
    gate.open();
    const outcome = await run.result;
    expect([outcome.status, undone, outcome.results.compensation?.undone]).toEqual(['cancelled', 1, ['book']]);
  });
});
