import { describe, expect, it } from 'vitest';
import { AuthContext, OrgContext } from '../../../src/auth/index.js';
import { type InFlightChoice, Journal, MemoryJournalStore, resume } from '../../../src/journal/index.js';
import { Pipeline, type RunnablePipeline } from '../../../src/pipeline/index.js';
import { StageKind, StageOutput } from '../../../src/stage/index.js';
import { DyingStore, later } from './interrupted.js';

const key = { tenant: null, runId: 'run-1' };
const identity = { runId: 'run-1' };
const failure = (code: string) => expect.objectContaining({ code });

type Build = (journal: Journal, calls: string[]) => RunnablePipeline;

/** A process dies after so many lines. @returns a journal that finds what is left, and what the process had called */
async function dieAfter(lines: number, build: Build, input: Parameters<RunnablePipeline['run']>[0] = {}) {
  const store = new MemoryJournalStore();
  const calls: string[] = [];
  const dying = new Journal({ store: new DyingStore(store, lines) });
  build(dying, calls).start({ ...input, identity });
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  return { journal: new Journal({ store, clock: later }), store, before: calls };
}

const counting: Build = (journal, calls) =>
  new Pipeline('count')
    .withStage('one', () => ({ n: calls.push('one') }))
    .withStage('two', ({ inputs }) => ({ n: inputs.from('one').n + calls.push('two') }), { dependsOn: ['one'] })
    .withStage('three', ({ inputs }) => ({ n: inputs.from('two').n + calls.push('three') }), { dependsOn: ['two'] })
    .build({ journal });

const paying: Build = (journal, calls) =>
  new Pipeline('pay')
    .withStage('price', () => ({ sum: 7 * calls.push('price') }))
    .withStage('charge', () => ({ receipt: calls.push('charge') }), { dependsOn: ['price'], kind: StageKind.Work })
    .withStage('thank', () => ({ thanks: calls.push('thank') }), { dependsOn: ['charge'] })
    .build({ journal });

async function outcomeAfter(lines: number, build: Build, inFlight: Record<string, InFlightChoice> = {}) {
  const { journal, before } = await dieAfter(lines, build);
  const calls: string[] = [];
  const run = await resume(build(journal, calls), journal, key, { inFlight });
  return { outcome: await run.result, calls, before, journal };
}

describe('A run that was interrupted', () => {
  it.each([1, 2, 3, 4])('goes on after %i lines as if it had not been', async (lines) => {
    const whole = await counting(new Journal({ store: new MemoryJournalStore() }), []).run();
    const { journal } = await dieAfter(lines, counting);
    const calls = ['one', 'two', 'three'].slice(0, lines - 1);
    const run = await resume(counting(journal, calls), journal, key);
    const { status, results } = await run.result;
    expect(status).toBe('completed');
    expect(run.id).toBe('run-1');
    expect(results.outputs).toEqual(whole.outputs);
    expect(calls).toEqual(['one', 'two', 'three']);
    expect((await journal.read(key)).end).toMatchObject({ status: 'completed' });
  });

  it('says which stages had ended, and not that they end again', async () => {
    const { journal } = await dieAfter(3, counting);
    const run = await resume(counting(journal, []), journal, key);
    const told: string[] = [];
    for await (const event of run.events) told.push('stage' in event ? `${event.type} ${event.stage}` : event.type);
    expect(told).toEqual([
      'pipeline.started',
      'pipeline.resumed',
      'stage.restored one',
      'stage.restored two',
      'stage.started three',
      'stage.completed three',
      'pipeline.completed',
    ]);
  });

  it('is given to one of those who try, and to nobody once it has ended', async () => {
    const { store } = await dieAfter(2, counting);
    const tries = [1, 2, 3].map(() => {
      const journal = new Journal({ store, clock: later });
      return resume(counting(journal, []), journal, key);
    });
    const settled = await Promise.allSettled(tries);
    const won = settled.filter(({ status }) => status === 'fulfilled') as PromiseFulfilledResult<
      Awaited<ReturnType<typeof resume>>
    >[];
    expect(won).toHaveLength(1);
    for (const { status, reason } of settled as PromiseRejectedResult[]) {
      if (status === 'rejected') expect(reason).toEqual(failure('RESUME_NOT_OPEN'));
    }
    await won[0]?.value.result;
    const journal = new Journal({ store, clock: later });
    await expect(resume(counting(journal, []), journal, key)).rejects.toEqual(failure('RESUME_NOT_OPEN'));
  });

  it('stays with its process as long as that gives signs of life', async () => {
    const { store } = await dieAfter(2, counting);
    const journal = new Journal({ store });
    await expect(resume(counting(journal, []), journal, key)).rejects.toEqual(failure('RESUME_NOT_OPEN'));
  });

  it('is found under its own tenant only', async () => {
    const { journal } = await dieAfter(2, counting);
    const theirs = { tenant: 'acme', runId: 'run-1' };
    await expect(resume(counting(journal, []), journal, theirs)).rejects.toEqual(failure('JOURNAL_RUN_MISSING'));
  });

  it('goes on with what its stages wrote into the bag, skipped, failed and refused', async () => {
    const build: Build = (journal, calls) =>
      new Pipeline('facts', { failurePolicy: 'continue' })
        .withStage('write', ({ bag }) => {
          calls.push('write');
          bag.set('fact', { at: new Date(5), big: 5n });
          return {};
        })
        .withStage('skip', () => StageOutput.skip(`nothing to do ${calls.push('skip') > 0}`))
        .withStage('fail', () => {
          calls.push('fail');
          throw Object.assign(new RangeError('too far'), { code: 'E_FAR' });
        })
        .withStage('not', () => ({}), { dependsOn: ['write'], when: () => calls.push('not') < 0 })
        .withStage('last', ({ bag }) => ({ fact: bag.get('fact'), n: calls.push('last') }), {
          dependsOn: [{ stage: 'write' }, { stage: 'skip' }, { stage: 'fail', optional: true }, { stage: 'not' }],
        })
        .build({ journal });
    const { outcome, calls } = await outcomeAfter(5, build);
    expect(calls).toEqual(['last']);
    const { results } = outcome;
    expect(results.of('last')).toEqual({ fact: { at: new Date(5), big: 5n }, n: 1 });
    expect(results.stage('skip')).toMatchObject({ status: 'skip', reason: 'nothing to do true' });
    expect(results.stage('not')).toMatchObject({ status: 'skip', skipCause: 'not-selected' });
    expect(results.stage('fail')).toMatchObject({
      status: 'fail',
      reason: 'too far',
      failure: { code: 'E_FAR', error: { name: 'RangeError' } },
    });
  });

  it('ends as one of its stages had ended it', async () => {
    const build: Build = (journal, calls) =>
      new Pipeline('stop')
        .withStage('enough', () => StageOutput.cancel('that is enough', { n: calls.push('enough') }))
        .withStage('after', () => ({ n: calls.push('after') }), { dependsOn: ['enough'] })
        .build({ journal });
    const { outcome, calls } = await outcomeAfter(2, build);
    expect(outcome).toMatchObject({ status: 'cancelled', error: { stage: 'enough', reason: 'that is enough' } });
    expect(calls).toEqual([]);
  });

  it.each([3, 4, 5, 6, 7])('goes back to where a guard sends it, also after %i lines', async (lines) => {
    const build: Build = (journal, calls) =>
      new Pipeline('draft')
        .withStage('draft', ({ feedback }) => {
          calls.push(`draft ${feedback?.attempt ?? 1}`);
          return { text: `after ${feedback?.reason ?? 'nothing'}`, attempt: feedback?.attempt ?? 1 };
        })
        .withStage(
          'check',
          ({ inputs }) => {
            const { attempt } = inputs.from('draft');
            calls.push(`check ${attempt}`);
            return attempt < 3 ? StageOutput.fail(`try ${attempt}`) : { attempt };
          },
          { dependsOn: ['draft'], kind: StageKind.Guard, retryFrom: { stage: 'draft', attempts: 3 } },
        )
        .build({ journal });
    const { outcome, calls } = await outcomeAfter(lines, build);
    expect(outcome.results.outputs).toEqual({ draft: { text: 'after try 2', attempt: 3 }, check: { attempt: 3 } });
    expect(outcome.results.rounds).toBe(3);
    const all = ['draft 1', 'check 1', 'draft 2', 'check 2', 'draft 3', 'check 3'];
    expect(calls).toEqual(all.slice(lines - 1));
  });
});

describe('A stage that changes the world and was under way', () => {
  it('is not called again: its run fails, and says so', async () => {
    const { outcome, calls } = await outcomeAfter(3, paying);
    expect(outcome).toMatchObject({ status: 'failed', error: { stage: 'charge', code: 'STAGE_FAILED' } });
    expect(outcome.results.stage('charge').failure).toMatchObject({ code: 'STAGE_OUTCOME_UNKNOWN', retryable: false });
    expect(calls).toEqual([]);
  });

  it('is called again, or not, where somebody says what became of it', async () => {
    const again = await outcomeAfter(3, paying, { charge: 'repeat' });
    expect(again.calls).toEqual(['charge', 'thank']);
    const done = await outcomeAfter(3, paying, { charge: StageOutput.ok({ receipt: 99 }) });
    expect(done.calls).toEqual(['thank']);
    expect(done.outcome.results.of('charge')).toEqual({ receipt: 99 });
  });

  it('is called again if it is idempotent', async () => {
    const build: Build = (journal, calls) =>
      new Pipeline('pay')
        .withStage('charge', () => ({ n: calls.push('charge') }), { kind: StageKind.Work, idempotent: true })
        .build({ journal });
    const { outcome, calls } = await outcomeAfter(2, build);
    expect(outcome.status).toBe('completed');
    expect(calls).toEqual(['charge']);
  });

  it('is not called at all before it is known to begin', async () => {
    const { before } = await dieAfter(2, paying);
    expect(before).toEqual(['price']);
  });

  it('is not called if the journal cannot be written, and its run ends without a false word', async () => {
    const errors: Error[] = [];
    const store = new MemoryJournalStore();
    store.append = async (lines) => {
      if (lines.some(({ opens }) => opens === undefined)) throw new Error('disk full');
      await MemoryJournalStore.prototype.append.call(store, lines);
    };
    const calls: string[] = [];
    const journal = new Journal({ store, onError: (error) => errors.push(error) });
    const { status, results } = await paying(journal, calls).start({ identity }).result;
    expect(status).toBe('failed');
    expect(calls).toEqual(['price']);
    expect(results.stage('charge').failure).toMatchObject({
      code: 'JOURNAL_FAILED',
      error: { cause: { message: 'disk full' } },
    });
    expect(errors).toEqual([failure('JOURNAL_FAILED')]);
  });
});

describe('A run whose pipeline was changed', () => {
  const changed: Build = (journal, calls) =>
    new Pipeline('count')
      .withStage('first', () => ({ n: calls.push('first') }))
      .withStage('two', ({ inputs }) => ({ n: inputs.from('first').n + calls.push('two') }), { dependsOn: ['first'] })
      .withStage('four', ({ inputs }) => ({ n: inputs.from('two').n + calls.push('four') }), { dependsOn: ['two'] })
      .build({ journal });

  it('is refused, naming what is different, and can still be resumed as it was', async () => {
    const { journal } = await dieAfter(3, counting);
    const refused = resume(changed(journal, []), journal, key);
    await expect(refused).rejects.toMatchObject({
      code: 'RESUME_PLAN_CHANGED',
      details: { gone: ['one', 'three'], added: ['first', 'four'], changed: ['two'] },
    });
    const run = await resume(counting(journal, []), journal, key);
    expect((await run.result).status).toBe('completed');
  });

  it('goes on by a migration that was declared for it', async () => {
    const { journal } = await dieAfter(3, counting);
    const calls: string[] = [];
    const pipeline = changed(journal, calls);
    const from = (await journal.read(key)).planHash;
    const migration = { pipeline: 'count', from, to: pipeline.graph.hash, rename: { one: 'first' } };
    await expect(resume(pipeline, journal, key, { migrations: [{ ...migration, to: 'another' }] })).rejects.toEqual(
      failure('RESUME_PLAN_CHANGED'),
    );
    const run = await resume(pipeline, journal, key, { migrations: [migration] });
    const { results } = await run.result;
    expect(calls).toEqual(['four']);
    expect(results.outputs).toEqual({ first: { n: 1 }, two: { n: 3 }, four: { n: 4 } });
  });

  it('computes again what the migration names, with what comes after it', async () => {
    const { journal } = await dieAfter(3, counting);
    const calls: string[] = [];
    const pipeline = changed(journal, calls);
    const from = (await journal.read(key)).planHash;
    const migrations = [
      { pipeline: 'count', from, to: pipeline.graph.hash, rename: { one: 'first' }, again: ['first'] },
    ];
    await (await resume(pipeline, journal, key, { migrations })).result;
    expect(calls).toEqual(['first', 'two', 'four']);
  });
});

describe('The caller of a run that is resumed', () => {
  const ann = AuthContext.verified({ userId: 'ann', orgId: 'acme', roles: ['editor'], claims: { level: 3 } });
  const own = { tenant: 'acme', runId: 'run-1' };
  const people = new Map([
    ['ann-here', { userId: 'ann', orgId: 'acme' }],
    ['bob-here', { userId: 'bob', orgId: 'acme' }],
    ['ann-elsewhere', { userId: 'ann', orgId: 'other' }],
  ]);
  const verifier = {
    verify: async (token: string) => {
      const init = people.get(token) ?? { userId: 'nobody', orgId: 'acme' };
      return { auth: AuthContext.verified(init), org: OrgContext.verified({ orgId: init.orgId }) };
    },
  };
  const build = (journal: Journal, told: unknown[]) =>
    new Pipeline('who')
      .withStage('first', () => ({}))
      .withStage('tell', ({ auth, org }) => ({ n: told.push([auth.userId, org.orgId, auth.roles]) }), {
        dependsOn: ['first'],
      })
      .build({ journal, verifier, trustedCallers: true });

  const interrupted = () => dieAfter(2, (journal) => build(journal, []), { auth: ann });

  it('is the one it was for, as it was verified then', async () => {
    const { journal } = await interrupted();
    const told: unknown[] = [];
    await (await resume(build(journal, told), journal, own)).result;
    expect(told).toEqual([['ann', 'acme', ['editor']]]);
  });

  it('may be verified anew, and must be the same', async () => {
    for (const token of ['bob-here', 'ann-elsewhere']) {
      const { journal } = await interrupted();
      const told: unknown[] = [];
      const { status, error } = (await (
        await resume(build(journal, told), journal, own, { token })
      ).result) as {
        status: string;
        error?: { code: string; cause?: unknown };
      };
      expect([status, told]).toEqual(['failed', []]);
      expect(error?.cause ?? error).toEqual(failure('RESUME_OTHER_CALLER'));
      expect((await journal.read(own)).end).toBeNull();
    }
    const { journal } = await interrupted();
    const told: unknown[] = [];
    await (await resume(build(journal, told), journal, own, { token: 'ann-here' })).result;
    expect(told).toEqual([['ann', 'acme', []]]);
  });
});

describe('An application that closes', () => {
  it('leaves what it has to cut short to be resumed at once', async () => {
    const store = new MemoryJournalStore();
    const build = (journal: Journal, waits: boolean, calls: string[]) =>
      new Pipeline('long')
        .withStage('one', () => ({ n: calls.push('one') }))
        .withStage(
          'two',
          async (ctx) => {
            calls.push('two');
            if (waits) await ctx.sleep(1_000_000);
            return {};
          },
          { dependsOn: ['one'] },
        )
        .build({ journal, graceMs: 0 });
    const first = build(new Journal({ store }), true, []);
    const { result } = first.start({ identity });
    await new Promise(setImmediate);
    await first.close();
    expect((await result).status).toBe('cancelled');
    const calls: string[] = [];
    const journal = new Journal({ store });
    const run = await resume(build(journal, false, calls), journal, key);
    expect((await run.result).status).toBe('completed');
    expect(calls).toEqual(['two']);
  });
});
