import { describe, expect, it } from 'vitest';
import type { GuardFeedback } from '../../../src/stage/index.js';
import { type StageContext, StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { type HandStage, Rig, statusOf } from './hand-bound.js';

/** Draft counts its versions; the guard lets through what `passes` says. */
function drafting(passes: (version: number) => unknown, more: readonly HandStage[] = [], retryFrom = {}): HandStage[] {
  let version = 0;
  return [
    { name: 'draft', run: () => ({ version: ++version }) },
    {
      name: 'check',
      kind: 'guard',
      dependsOn: ['draft'],
      retryFrom: { stage: 'draft', attempts: 5, ...retryFrom },
      run: (ctx) => passes(ctx.inputs.from('draft').version),
    },
    ...more,
  ];
}

const failsUntil = (good: number) => (version: number) =>
  version >= good ? { version } : StageOutput.fail(`version ${version} is poor`, { data: { version } });

describe('a guard that sends the run back', () => {
  it('has the stage computed again until it passes, and says so in order (037)', async () => {
    const rig = new Rig([...drafting(failsUntil(2)), { name: 'send', dependsOn: ['check'] }]);
    const { status, results } = await rig.outcome();
    expect(status).toBe('completed');
    expect(results.stage('draft')).toMatchObject({ data: { version: 2 }, attempts: 2, rounds: 2 });
    expect(results.stage('check')).toMatchObject({ status: 'ok', attempts: 2, rounds: 2 });
    expect(results.stage('send')).toMatchObject({ attempts: 1, rounds: 1 });
    expect(results.rounds).toBe(2);
    expect(rig.story).toEqual([
      'pipeline.started',
      'stage.started draft',
      'stage.completed draft',
      'stage.started check',
      'stage.failed check',
      'guard_retry.attempt check',
      'guard_retry.scheduled check',
      'stage.started draft',
      'stage.completed draft',
      'stage.started check',
      'stage.completed check',
      'guard_retry.recovered check',
      'stage.started send',
      'stage.completed send',
      'pipeline.completed',
    ]);
    expect(rig.sink.events.find(({ type }) => type === 'guard_retry.scheduled')).toMatchObject({
      retryFrom: 'draft',
      attempt: 2,
      stages: ['draft', 'check', 'send'],
    });
  });

  it('tells the stage why, and tells it nothing the first time (042)', async () => {
    const read: (GuardFeedback | null)[] = [];
    const [draft, check] = drafting(failsUntil(3)) as [HandStage, HandStage];
    const listening = {
      ...draft,
      run: (ctx: StageContext) => {
        read.push(ctx.feedback);
        return draft.run?.(ctx);
      },
    };
    await new Rig([listening, check]).outcome();
    expect(read).toEqual([
      null,
      { guard: 'check', reason: 'version 1 is poor', data: { version: 1 }, attempt: 2 },
      { guard: 'check', reason: 'version 2 is poor', data: { version: 2 }, attempt: 3 },
    ]);
    expect(Object.isFrozen(read[1]?.data)).toBe(true);
  });

  it('goes back for a guard that throws as for one that returns fail (042)', async () => {
    const { status, results } = await new Rig(
      drafting((version) => {
        if (version < 2) throw new Error('no title');
        return undefined;
      }),
    ).outcome();
    expect([status, results.rounds]).toEqual(['completed', 2]);
  });

  it('fails with GUARD_RETRY_EXHAUSTED, naming the guard, how often and why', async () => {
    const rig = new Rig(drafting(failsUntil(9), [], { attempts: 3 }));
    const outcome = await rig.outcome();
    expect(outcome.status === 'failed' && outcome.error.message).toMatch(
      'Stage "check" of pipeline "hand" failed: Guard "check" failed 3 times, although the run went back to "draft" twice: version 3 is poor. Its 3 attempts are used up.',
    );
    const { failure, data, attempts } = outcome.results.stage('check');
    expect(failure).toMatchObject({ code: 'GUARD_RETRY_EXHAUSTED', retryable: false });
    expect(failure?.error).toMatchObject({ details: { attempts: 3, cause: 'attempts' }, cause: 'version 3 is poor' });
    expect([data, attempts, outcome.results.of('draft')]).toEqual([{ version: 3 }, 3, { version: 3 }]);
    expect(rig.story.slice(-4)).toEqual([
      'stage.failed check',
      'guard_retry.attempt check',
      'guard_retry.exhausted check',
      'pipeline.failed check',
    ]);
  });

  it('gives up when reason and data stay the same, looking at both (041)', async () => {
    const rounds = async (answer: (version: number) => unknown): Promise<number> =>
      (await new Rig(drafting(answer, [], { attempts: 9, stagnation: 3 })).outcome()).results.rounds;
    expect(await rounds(() => StageOutput.fail('poor', { data: { words: ['a'] } }))).toBe(3);
    expect(await rounds((version) => StageOutput.fail(`poor ${version}`))).toBe(9);
    expect(await rounds((version) => StageOutput.fail('poor', { data: { version } }))).toBe(9);
    const stagnant = await new Rig(drafting(() => StageOutput.fail('poor'), [], { stagnation: 2 })).outcome();
    expect(stagnant.results.stage('check').reason).toContain('Its reason and data were the same 2 times in a row.');
  });

  it('gives up once its time is over, by the clock of the run', async () => {
    const [draft, check] = drafting(failsUntil(9), [], { timeoutMs: 250 }) as [HandStage, HandStage];
    const slow = { ...draft, run: (ctx: StageContext) => ctx.sleep(100).then(() => draft.run?.(ctx)) };
    const rig = new Rig([slow, check]);
    const run = rig.start();
    for (let i = 0; i < 4; i++) {
      await settle();
      rig.clock.advance(100);
    }
    const { results } = await run.result;
    expect(results.rounds).toBe(3);
    expect(results.stage('check').reason).toContain('The 250 ms for going back are over.');
  });

  it('computes again whatever depends on the stage, guards that had passed included, and keeps the rest (039)', async () => {
    const calls: string[] = [];
    const called = (name: string) => () => void calls.push(name);
    const [draft, check] = drafting(failsUntil(2)) as [HandStage, HandStage];
    const rig = new Rig([
      { name: 'source', run: called('source') },
      { ...draft, dependsOn: ['source'] },
      { name: 'tone', kind: 'guard', dependsOn: ['draft'], run: called('tone') },
      { name: 'words', dependsOn: ['draft'], run: (ctx) => ({ of: ctx.inputs.from('draft').version }) },
      { name: 'unrelated', dependsOn: ['source'], run: called('unrelated') },
      { ...check, dependsOn: ['draft', 'tone', 'words'] },
    ]);
    const { results } = await rig.outcome();
    expect(calls).toEqual(['source', 'unrelated', 'tone', 'tone']);
    expect(results.of('words')).toEqual({ of: 2 });
    expect(results.stage('unrelated').rounds).toBe(1);
  });

  it('asks conditions again', async () => {
    const rig = new Rig([
      ...drafting(failsUntil(2)),
      { name: 'long', dependsOn: ['draft'], when: (ctx) => ctx.inputs.from('draft').version > 1 },
    ]);
    expect(statusOf(await rig.outcome(), 'long')).toBe('ok');
  });

  it.each(['fail-fast', 'continue'] as const)(
    'stops what works on the old version first, under %s',
    async (failurePolicy) => {
      const gate = new Gate();
      const ends: string[] = [];
      const rig = new Rig(
        drafting(failsUntil(2), [
          {
            name: 'slow',
            dependsOn: ['draft'],
            run: async (ctx) => {
              const { version } = ctx.inputs.from('draft');
              if (version === 1) await gate.pass(ctx.signal).finally(() => ends.push('stopped'));
              return { version };
            },
          },
        ]),
        { failurePolicy },
      );
      const { status, results } = await rig.outcome();
      expect([status, ends, results.of('slow')]).toEqual(['completed', ['stopped'], { version: 2 }]);
    },
  );

  it('drops what a stage hands on that would not stop, and its writes', async () => {
    const gate = new Gate();
    const late: unknown[] = [];
    const rig = new Rig(
      drafting(failsUntil(2), [
        {
          name: 'deaf',
          dependsOn: ['draft'],
          run: async (ctx) => {
            const { version } = ctx.inputs.from('draft');
            if (version === 1) {
              await gate.pass();
              try {
                ctx.bag.set('late', version);
              } catch (error) {
                late.push(error);
              }
            }
            return { version };
          },
        },
        { name: 'reader', dependsOn: ['deaf'], run: (ctx) => ({ saw: ctx.inputs.from('deaf').version }) },
      ]),
      { graceMs: 100 },
    );
    const run = rig.start();
    await settle();
    rig.clock.advance(100);
    await settle();
    gate.open();
    const { status, results } = await run.result;
    await settle();
    expect([status, results.of('reader'), results.abandoned]).toEqual(['completed', { saw: 2 }, ['deaf']]);
    expect(late).toMatchObject([{ code: 'STAGE_CANCELLED' }]);
  });

  it('does not take the end of a stage that it stops for the end of the run', async () => {
    const ending = (how: (ctx: StageContext) => unknown): HandStage => ({
      name: 'other',
      dependsOn: ['draft'],
      run: async (ctx) => {
        if (ctx.inputs.from('draft').version > 1) return undefined;
        await new Promise<void>((resolve) => ctx.signal.addEventListener('abort', () => resolve()));
        return how(ctx);
      },
    });
    const endings = [() => StageOutput.cancel('enough'), () => StageOutput.fail('broken'), () => ({ fine: true })];
    for (const how of endings) {
      const outcome = await new Rig(drafting(failsUntil(2), [ending(how)])).outcome();
      expect([outcome.status, statusOf(outcome, 'other')]).toEqual(['completed', 'ok']);
    }
  });

  it('lets stages that are computed again write the bag again', async () => {
    const [draft, check] = drafting(failsUntil(2)) as [HandStage, HandStage];
    const writing = {
      ...draft,
      run: (ctx: StageContext) => {
        const made = draft.run?.(ctx) as { version: number };
        ctx.bag.set('version', made.version);
        return made;
      },
    };
    const reader: HandStage = { name: 'read', dependsOn: ['check'], run: (ctx) => ({ it: ctx.bag.get('version') }) };
    expect((await new Rig([writing, check, reader]).outcome()).results.of('read')).toEqual({ it: 2 });
  });

  it('runs the cleanups of every round at the end', async () => {
    const closed: number[] = [];
    const [draft, check] = drafting(failsUntil(3)) as [HandStage, HandStage];
    const opening = {
      ...draft,
      run: (ctx: StageContext) => {
        const made = draft.run?.(ctx) as { version: number };
        ctx.onCleanup(() => void closed.push(made.version));
        return made;
      },
    };
    await new Rig([opening, check]).outcome();
    expect(closed).toEqual([3, 2, 1]);
  });

  it('forgets, under continue, a failure that was computed again', async () => {
    const flaky: HandStage = {
      name: 'flaky',
      dependsOn: ['draft'],
      run: (ctx) => (ctx.inputs.from('draft').version === 1 ? StageOutput.fail('not yet') : undefined),
    };
    const stages = drafting(failsUntil(2), [flaky]);
    const outcome = await new Rig(stages.reverse(), { failurePolicy: 'continue' }).outcome();
    expect([outcome.status, statusOf(outcome, 'flaky')]).toEqual(['completed', 'ok']);
  });

  it('stays cancelled when the run is cancelled while something still stops', async () => {
    const gate = new Gate();
    const deaf: HandStage = { name: 'deaf', dependsOn: ['draft'], run: () => gate.pass() };
    const rig = new Rig(drafting(failsUntil(2), [deaf]));
    const run = rig.start();
    await settle();
    run.cancel('enough');
    gate.open();
    const outcome = await run.result;
    expect([outcome.status, outcome.results.rounds, statusOf(outcome, 'check')]).toEqual(['cancelled', 1, 'fail']);
  });

  it('does not go back for a guard that was stopped itself', async () => {
    const waiting: HandStage[] = drafting(() => new Promise(() => {}));
    const rig = new Rig(waiting, { graceMs: 0 });
    const run = rig.start();
    await settle();
    run.cancel('enough');
    rig.clock.advance(1);
    expect((await run.result).results.rounds).toBe(1);
  });

  it('ends guards that undo each other, since each counts over the whole run', async () => {
    let asked = 0;
    const flips = () => (++asked % 2 === 1 ? StageOutput.fail(`no ${asked}`) : undefined);
    const rig = new Rig([
      { name: 'a' },
      { name: 'g1', kind: 'guard', dependsOn: ['a'], retryFrom: { stage: 'a', attempts: 4 }, run: flips },
      { name: 'b', dependsOn: ['g1'] },
      {
        name: 'g2',
        kind: 'guard',
        dependsOn: ['b'],
        retryFrom: { stage: 'a', attempts: 4 },
        run: () => StageOutput.fail(`never ${asked}`),
      },
    ]);
    const { status, results } = await rig.outcome();
    expect(status).toBe('failed');
    expect(results.rounds).toBeLessThanOrEqual(1 + 3 + 3);
  });

  it('can be asked once only, and then says that the run did not go back', async () => {
    const { results } = await new Rig(drafting(failsUntil(2), [], { attempts: 1 })).outcome();
    expect(results.stage('check').reason).toContain(
      'Guard "check" failed once, without the run having gone back to "draft": version 1 is poor. Its only attempt is used up.',
    );
  });

  it('goes back a thousand times without the stack growing', async () => {
    const rig = new Rig(drafting(failsUntil(1_000), [], { attempts: 2_000 }));
    expect((await rig.outcome()).results.rounds).toBe(1_000);
  });
});
