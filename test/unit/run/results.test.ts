import { describe, expect, it } from 'vitest';
import { Engine } from '../../../src/run/index.js';
import { StageOutput } from '../../../src/stage/index.js';
import { ManualClock } from '../../../src/testing/manual-clock.js';
import { bind, Rig } from './hand-bound.js';

class Known {
  execute() {
    return { known: 1 };
  }
}
class Unknown {
  execute() {}
}

describe('results', () => {
  it('give outputs by class and by name, how each stage ended, and what failed', async () => {
    const rig = new Rig([
      { name: 'known', stageClass: Known, run: () => ({ known: 1 }) },
      { name: 'skipped', run: () => StageOutput.skip('why') },
    ]);
    const { results } = await rig.outcome();
    expect(results.of(Known)).toEqual({ known: 1 });
    expect(results.of('known')).toBe(results.of(Known));
    expect(results.outputs).toEqual({ known: { known: 1 } });
    expect(results.stages.map(({ stage, status }) => [stage, status])).toEqual([
      ['known', 'ok'],
      ['skipped', 'skip'],
    ]);
    expect(results.failures).toEqual([]);
    expect(results.pipeline).toBe('hand');
    expect(results.stage(Known)).toMatchObject({ attempts: 1, startedAt: 1_000_000, durationMs: 0, abandoned: false });
  });

  it('refuse the output of a stage that has none: INPUT_NO_OUTPUT', async () => {
    const { results } = await new Rig([{ name: 'a', run: () => StageOutput.skip('why') }]).outcome();
    expect(() => results.of('a')).toThrow(expect.objectContaining({ code: 'INPUT_NO_OUTPUT' }));
    expect(() => results.of('a')).toThrow('why');
  });

  it('refuse what is not in the pipeline: INPUT_UNDECLARED, with the names there are', async () => {
    const { results } = await new Rig([{ name: 'a' }]).outcome();
    for (const ask of [
      () => results.of(Unknown),
      () => results.of('b'),
      () => results.stage('b'),
      () => results.stage(Unknown),
    ]) {
      expect(ask).toThrow(expect.objectContaining({ code: 'INPUT_UNDECLARED' }));
      expect(ask).toThrow('It has a.');
    }
  });

  it('refuse a class that is there twice: INPUT_AMBIGUOUS', async () => {
    const { results } = await new Rig(['a', 'b'].map((name) => ({ name, stageClass: Known }))).outcome();
    expect(() => results.of(Known)).toThrow(expect.objectContaining({ code: 'INPUT_AMBIGUOUS' }));
  });

  it('tell a stage that ran from one that did not, on a clock that starts at 0, too', async () => {
    const engine = new Engine({ clock: new ManualClock(0) });
    const { results } = await engine.start(bind([{ name: 'a' }, { name: 'b', when: () => false }])).result;
    expect(results.stage('a')).toMatchObject({ attempts: 1, startedAt: 0, durationMs: 0 });
    expect(results.stage('b')).toMatchObject({ attempts: 0, startedAt: null, durationMs: null });
  });

  it('give what was put into the bag, by key, also of a run that failed', async () => {
    const rig = new Rig([
      { name: 'a', run: (ctx) => ctx.bag.set('language', { code: 'de' }) },
      { name: 'b', dependsOn: ['a'], run: () => StageOutput.fail('broken') },
    ]);
    const { results } = await rig.outcome();
    expect([...results.bag]).toEqual([['language', { code: 'de' }]]);
    const empty = await new Rig([{ name: 'a' }]).outcome();
    expect(empty.results.bag.size).toBe(0);
  });

  it('measure stages and run on the clock of the engine', async () => {
    const rig = new Rig([
      { name: 'a', run: (ctx) => ctx.sleep(30) },
      { name: 'b', dependsOn: ['a'], run: (ctx) => ctx.sleep(20) },
    ]);
    const run = rig.start();
    await rig.clock.advance(50);
    const { results } = await run.result;
    expect(results.durationMs).toBe(50);
    expect(results.stages.map(({ startedAt, durationMs }) => [startedAt, durationMs])).toEqual([
      [1_000_000, 30],
      [1_000_030, 20],
    ]);
  });
});
