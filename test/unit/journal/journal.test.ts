import { IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemoryArtifactStore } from '../../../src/artifacts/index.js';
import { AuthContext } from '../../../src/auth/index.js';
import { AppClosing } from '../../../src/errors/index.js';
import { aesSeal, Journal, type JournalOptions, MemoryJournalStore, resume } from '../../../src/journal/index.js';
import { isDeadOwner, processOwner } from '../../../src/journal/process-owner.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { StageKind } from '../../../src/stage/index.js';
import { Gate, ManualClock } from '../../../src/testing/index.js';
import { defineTool } from '../../../src/tools/index.js';
import { DyingStore, later } from './interrupted.js';

const key = { tenant: null, runId: 'run-1' };
const identity = { runId: 'run-1' };
const code = (wanted: string) => expect.objectContaining({ code: wanted });

function setUp(options: Partial<JournalOptions> = {}) {
  const store = new MemoryJournalStore();
  return { store, journal: new Journal({ store, ...options }) };
}

const written = async (store: MemoryJournalStore) => ((await store.read(key)) ?? []).join('\n');

class Page {
  @IsString() title = '';
}

describe('A journal', () => {
  it('tells a run from its begin to its end', async () => {
    const { journal } = setUp();
    const pipeline = new Pipeline('order')
      .withStage('read', () => ({ n: 1 }))
      .withStage('send', () => ({ n: 2 }), { dependsOn: ['read'], kind: StageKind.Work })
      .withStage('boom', () => Promise.reject(new RangeError('too far')), { dependsOn: ['send'] })
      .build({ journal });
    await pipeline.start({ identity }).result;
    const run = await journal.read(key);
    expect(run.entries.map((entry) => ('stage' in entry ? `${entry.type} ${entry.stage}` : entry.type))).toEqual([
      'run.started',
      'stage.settled read',
      'stage.started send',
      'stage.settled send',
      'stage.settled boom',
      'run.ended boom',
    ]);
    expect(run).toMatchObject({ pipeline: 'order', planHash: pipeline.graph.hash, inFlight: [] });
    expect(run.end).toMatchObject({ status: 'failed', stage: 'boom', reason: 'too far' });
    expect(run.stages.at(-1)).toMatchObject({ status: 'fail', failure: { name: 'RangeError', message: 'too far' } });
    expect(() => run.outputOf('boom')).toThrow(code('JOURNAL_INCOMPLETE'));
    expect(await journal.list({ pipeline: 'order' })).toMatchObject([{ runId: 'run-1', status: 'failed' }]);
  });

  it('has a run before its first stage is called, and its end before anybody hears of it', async () => {
    const { store, journal } = setUp();
    const gate = new Gate();
    const run = new Pipeline('p')
      .withStage('s', () => gate.pass().then(() => ({})))
      .build({ journal })
      .run({ identity });
    await gate.reached;
    expect(await written(store)).toContain('run.started');
    gate.open();
    await run;
    expect(await written(store)).toContain('run.ended');
  });

  it('has a run as ended that somebody cancels with the words of a closing application', async () => {
    const { store, journal } = setUp();
    const gate = new Gate();
    const pipeline = new Pipeline('p').withStage('wait', ({ signal }) => gate.pass(signal) as never);
    const run = pipeline.build({ journal }).start({ identity });
    await gate.reached;
    run.cancel(new AppClosing().message);
    await run.result;
    expect((await journal.read(key)).end).toMatchObject({ status: 'cancelled', reason: 'the application is closing' });
    expect(await written(store)).toContain('"run.ended"');
  });

  it('writes nothing of a run whose caller is not recognised', async () => {
    const { store, journal } = setUp();
    const verifier = { verify: () => Promise.reject(new Error('no')) };
    const pipeline = new Pipeline('p').withStage('s', () => ({})).build({ journal, verifier });
    await expect(pipeline.run({ identity, token: 'nobody' })).rejects.toThrow();
    expect(await store.list({})).toEqual([]);
  });

  it('forgets a tenant, a user, and what has ended long ago', async () => {
    const clock = new ManualClock();
    const { journal } = setUp({ clock });
    const pipeline = new Pipeline('p').withStage('s', () => ({})).build({ journal });
    for (const userId of ['ann', 'bob']) await pipeline.run({ auth: AuthContext.verified({ userId, orgId: 'acme' }) });
    await pipeline.run();
    expect(await journal.erase({ tenant: 'acme', userId: 'ann' })).toBe(1);
    expect(await journal.list({ tenant: 'acme' })).toMatchObject([{ userId: 'bob' }]);
    await clock.advance(1_000);
    expect(await journal.purge({ olderThanMs: 1_000 })).toBe(0);
    expect(await journal.purge({ olderThanMs: 999 })).toBe(2);
    expect(await journal.list()).toEqual([]);
  });

  it('says so if what it holds cannot be read', async () => {
    const { store, journal } = setUp();
    await new Pipeline('p')
      .withStage('s', () => ({}))
      .build({ journal })
      .run({ identity });
    const bodies = (await store.read(key)) ?? [];
    const reading = (lines: readonly string[]) =>
      new Journal({ store: Object.assign(new MemoryJournalStore(), { read: async () => lines }) }).read(key);
    await expect(reading(['{"type":'])).rejects.toEqual(code('JOURNAL_CORRUPT'));
    await expect(reading(bodies.slice(1))).rejects.toEqual(code('JOURNAL_CORRUPT'));
    await expect(reading([String(bodies[0]).replace('"version":1', '"version":9')])).rejects.toEqual(
      code('JOURNAL_CORRUPT'),
    );
    await expect(journal.read({ ...key, runId: 'run-2' })).rejects.toEqual(code('JOURNAL_RUN_MISSING'));
  });

  it('refuses options it cannot use', () => {
    expect(() => setUp({ leaseMs: 0 })).toThrow(code('JOURNAL_OPTION_INVALID'));
    expect(() => aesSeal(new Uint8Array(16))).toThrow(code('JOURNAL_OPTION_INVALID'));
  });
});

describe('Secrets', () => {
  const secret = 'hunter2-hunter2';
  const build = (journal: Journal, gate?: Gate) =>
    new Pipeline('login')
      .withStage('open', () => ({ password: secret, user: 'ann' }))
      .withStage(
        'use',
        async ({ inputs }) => {
          await gate?.pass();
          return { length: inputs.from('open').password.length };
        },
        { dependsOn: ['open'] },
      )
      .withStage('fail', ({ inputs }) => Promise.reject(new Error(`wrong: ${inputs.from('open').password}`)), {
        dependsOn: ['open', 'use'],
      })
      .build({ journal });

  it('are not written, and a stage that hands one on is called again', async () => {
    const store = new MemoryJournalStore();
    build(new Journal({ store: new DyingStore(store, 3) })).start({ identity });
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    const journal = new Journal({ store, clock: later });
    expect((await journal.read(key)).stages).toMatchObject([{ stage: 'open', omitted: 'secret' }, { stage: 'use' }]);
    const outcome = await (await resume(build(journal), journal, key)).result;
    expect(outcome.status).toBe('failed');
    expect(await written(store)).not.toContain('hunter2');
    expect(await written(store)).toContain('wrong: ');
  });

  it('in what a run is started with leave the run readable, and not to be resumed', async () => {
    const { store, journal } = setUp();
    await new Pipeline('p')
      .withStage('s', () => ({}))
      .build({ journal })
      .run({ identity, input: { apiKey: secret } });
    expect(await written(store)).not.toContain('hunter2');
    const run = await journal.read(key);
    expect(run.stages).toHaveLength(1);
    expect(() => run.snapshot()).toThrow(code('JOURNAL_INCOMPLETE'));
  });

  it('are kept, unreadable, where something seals them', async () => {
    const seal = aesSeal(new Uint8Array(32).fill(7));
    const { store, journal } = setUp({ seal });
    await build(journal).start({ identity, inputText: 'Oslo' }).result;
    expect(await written(store)).not.toMatch(/hunter2|Oslo|login/);
    const run = await journal.read(key);
    expect(run.outputOf('open')).toEqual({ password: secret, user: 'ann' });
    expect(run.snapshot().inputText).toBe('Oslo');
    const others = [new Journal({ store }), new Journal({ store, seal: aesSeal(new Uint8Array(32)) })];
    for (const other of others) await expect(other.read(key)).rejects.toEqual(code('JOURNAL_CORRUPT'));
  });

  it('are kept as they are where that is asked for', async () => {
    const { journal } = setUp({ secrets: 'store' });
    await build(journal).start({ identity }).result;
    expect((await journal.read(key)).outputOf('open')).toEqual({ password: secret, user: 'ann' });
  });
});

describe('What a stage hands on', () => {
  it('is what its contract made of it again after an interruption', async () => {
    const store = new MemoryJournalStore();
    const build = (journal: Journal, seen: unknown[]) =>
      new Pipeline('p')
        .withStage('page', () => ({ title: 'x' }), { output: Page })
        .withStage('read', ({ inputs }) => ({ n: seen.push(inputs.from('page')) }), { dependsOn: ['page'] })
        .build({ journal });
    build(new Journal({ store: new DyingStore(store, 2) }), []).start({ identity });
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    const journal = new Journal({ store, clock: later });
    const seen: unknown[] = [];
    await (await resume(build(journal, seen), journal, key)).result;
    expect(seen).toEqual([expect.any(Page)]);
  });

  it('and is large is kept once, as an artifact, and read back from there', async () => {
    const artifacts = new MemoryArtifactStore();
    const outputs = [
      { text: 'x'.repeat(500), bytes: new Uint8Array(300).fill(9), list: [1n, new Date(7), 'y'.repeat(300)], n: 1 },
      Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`$field-${index}`, index])),
    ];
    for (const output of outputs) {
      const { store, journal } = setUp({ artifacts });
      const pipeline = new Pipeline('p').withStage('big', () => output as object);
      await pipeline.build({ journal, artifacts: { store: artifacts, thresholdBytes: 200 } }).run({ identity });
      expect((await written(store)).length).toBeLessThan(4_000);
      expect((await journal.read(key)).outputOf('big')).toEqual(output);
      const without = new Journal({ store });
      await expect(async () => (await without.read(key)).outputOf('big')).rejects.toEqual(code('JOURNAL_INCOMPLETE'));
    }
  });

  it('and cannot be encoded is left out: pure stages are called again, others are not', async () => {
    const build = (kind: StageKind, journal: Journal, calls: string[]) =>
      new Pipeline('p')
        .withStage('make', () => ({ n: calls.push('make'), call: () => 1 }), { kind })
        .withStage('wait', () => new Promise<object>(() => {}), { dependsOn: ['make'] })
        .build({ journal, graceMs: 0 });
    for (const [kind, expected] of [
      [StageKind.Transform, ['make']],
      [StageKind.Work, []],
    ] as const) {
      const store = new MemoryJournalStore();
      build(kind, new Journal({ store }), []).start({ identity });
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      const journal = new Journal({ store, clock: later });
      const calls: string[] = [];
      const run = await resume(build(kind, journal, calls), journal, key);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      expect(calls).toEqual(expected);
      run.cancel();
      const { results } = await run.result;
      if (kind === StageKind.Work) expect(results.stage('make').failure?.code).toBe('JOURNAL_INCOMPLETE');
    }
  });
});

describe('Tool calls of a run that was interrupted', () => {
  const build = (journal: Journal, calls: string[], effect: 'irreversible' | 'idempotent') => {
    const pay = defineTool({
      name: 'pay',
      description: 'Pays.',
      input: z.object({ sum: z.number() }),
      effect,
      approval: 'never',
      execute: async ({ sum }) => ({ receipt: calls.push(`pay ${sum}`) }),
    });
    return new Pipeline('p')
      .withTools(pay)
      .withStage('s', async ({ tools }) => {
        const first = await tools.call(pay, { sum: 1 });
        const second = await tools.call(pay, { sum: 2 });
        return { first, second };
      })
      .build({ journal });
  };

  async function outcomeAfter(lines: number, effect: 'irreversible' | 'idempotent') {
    const store = new MemoryJournalStore();
    build(new Journal({ store: new DyingStore(store, lines) }), [], effect).start({ identity });
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    const journal = new Journal({ store, clock: later });
    const calls: string[] = [];
    const outcome = await (await resume(build(journal, calls, effect), journal, key)).result;
    return { outcome, calls };
  }

  it('are answered from the journal if they had been answered', async () => {
    const { outcome, calls } = await outcomeAfter(3, 'irreversible');
    expect(outcome.results.of('s')).toEqual({ first: { receipt: 1 }, second: { receipt: 1 } });
    expect(calls).toEqual(['pay 2']);
  });

  it('are made again if they were under way and may be, and else not', async () => {
    expect((await outcomeAfter(4, 'idempotent')).calls).toEqual(['pay 2']);
    const { outcome, calls } = await outcomeAfter(4, 'irreversible');
    expect(calls).toEqual([]);
    expect(outcome.results.stage('s').failure?.code).toBe('TOOL_OUTCOME_UNKNOWN');
  });

  it.each(['irreversible', 'idempotent'] as const)(
    'stay under way if they were %s and told to stop, unless they may be made again',
    async (effect) => {
      const { store, journal } = setUp();
      const begun = new Gate();
      const pay = defineTool({
        name: 'pay',
        description: 'Pays.',
        input: z.object({}),
        effect,
        approval: 'never',
        execute: (_, { signal }) => begun.pass(signal),
      });
      const pipeline = new Pipeline('p').withTools(pay).withStage('s', async ({ tools }) => tools.call(pay, {}));
      const run = pipeline.build({ journal }).start({ identity });
      await begun.reached;
      run.cancel('enough');
      await run.result;
      expect(await written(store)).toContain('"tool.started"');
      expect((await written(store)).includes('"tool.finished"')).toBe(effect === 'idempotent');
    },
  );
});

describe('The owner of a run', () => {
  it('is dead if its process has ended on this machine, and may be alive elsewhere', () => {
    const self = processOwner();
    const [host, pid, start, nonce] = self.split(' ');
    const dead = (...parts: unknown[]) => isDeadOwner(parts.join(' '), self);
    expect(dead(host, pid, start, 'another')).toBe(false);
    expect(dead(host, pid, Number(start) - 60_000, nonce)).toBe(true);
    expect(dead(host, 2 ** 22 + 1, start, nonce)).toBe(true);
    expect(dead(host, process.ppid, start, nonce)).toBe(false);
    expect(dead('elsewhere', 2 ** 22 + 1, start, nonce)).toBe(false);
    expect(dead('something else')).toBe(false);
  });
});
