import { describe, expect, it } from 'vitest';
import {
  fixtureOf,
  fork,
  inputsOf,
  Journal,
  MemoryJournalStore,
  recordCalls,
  recorded,
  replay,
} from '../../../src/journal/index.js';
import { encodePayload } from '../../../src/payload/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { StageKind, StageOutput } from '../../../src/stage/index.js';
import { randomRun, runRandom } from './random-runs.js';

const identity = { runId: 'run-1' };
const key = { tenant: null, runId: 'run-1' };
const bytesOf = (outputs: unknown) => JSON.stringify(encodePayload(outputs));
const memory = () => new Journal({ store: new MemoryJournalStore() });

class Weather {
  calls = 0;
  city(name: string): Promise<{ degrees: number }> {
    this.calls++;
    return Promise.resolve({ degrees: name.length });
  }
  broken(): Promise<never> {
    return Promise.reject(Object.assign(new Error('no station'), { code: 'E_STATION' }));
  }
  unit = () => 'C';
}

function forecast(journal: Journal | null, weather: Weather, add = 0) {
  return new Pipeline('forecast', { interceptors: [recordCalls()] })
    .withStage('ask', async ({ snapshot }) => {
      const { degrees } = await weather.city(snapshot.inputText ?? '');
      const error = await weather.broken().catch((caught: Error & { code?: string }) => caught);
      return { degrees: degrees + add, unit: weather.unit(), problem: `${error.message} ${error.code}` };
    })
    .withStage('tell', ({ inputs }) => ({ text: `${inputs.from('ask').degrees} degrees` }), { dependsOn: ['ask'] })
    .withStage('send', () => ({ sent: true }), { dependsOn: ['tell'], kind: StageKind.Work })
    .build(journal === null ? {} : { journal });
}

describe('A replay', () => {
  it('comes to the same, byte for byte, for a thousand random runs', async () => {
    for (let seed = 1; seed <= 1_000; seed++) {
      const journal = memory();
      const first = await runRandom(randomRun(seed), journal, identity);
      const run = await journal.read(key);
      const report = await replay(randomRun(seed)(null), run);
      expect(report.divergences, `seed ${seed}`).toEqual([]);
      expect(bytesOf(report.outcome.results.outputs), `seed ${seed}`).toBe(bytesOf(first.outputs));
      expect(report.outcome.status).toBe(first.status);
    }
  }, 60_000);

  it('asks recorded providers nothing, and calls nothing that changes the world', async () => {
    const journal = memory();
    const weather = new Weather();
    await forecast(journal, recorded('Weather', weather)).run({ identity, inputText: 'Oslo' });
    expect(weather.calls).toBe(1);
    const { divergence, outcome, same } = await replay(
      forecast(null, recorded('Weather', weather)),
      await journal.read(key),
    );
    expect(divergence).toBeNull();
    expect(same).toBe(2);
    expect(weather.calls).toBe(1);
    expect(outcome.results.of('send')).toEqual({ sent: true });
  });

  it('says which stage came to something else first, and where', async () => {
    const journal = memory();
    const weather = recorded('Weather', new Weather());
    await forecast(journal, weather).run({ identity, inputText: 'Oslo' });
    const { divergence, divergences } = await replay(forecast(null, weather, 1), await journal.read(key));
    expect(divergence).toEqual({
      stage: 'ask',
      round: 1,
      recorded: 'ok',
      replayed: 'ok',
      difference: { path: '$.degrees', recorded: 4, replayed: 5 },
    });
    expect(divergences.map(({ stage }) => stage)).toEqual(['ask', 'tell']);
  });

  it('refuses a call that the run did not make', async () => {
    const journal = memory();
    const weather = new Weather();
    await forecast(journal, recorded('Weather', weather)).run({ identity, inputText: 'Oslo' });
    const changed = new Pipeline('forecast', { interceptors: [recordCalls()] })
      .withStage('ask', () => recorded('Weather', weather).city('Bergen'))
      .build();
    const { divergence, outcome } = await replay(changed, await journal.read(key));
    expect(divergence).toMatchObject({ stage: 'ask', recorded: 'ok', replayed: 'fail' });
    expect(outcome.results.stage('ask').failure?.code).toBe('REPLAY_CALL_UNKNOWN');
    expect(weather.calls).toBe(1);
  });

  it('is heard by no sink of the application, and written nowhere', async () => {
    const journal = memory();
    const events: string[] = [];
    const pipeline = new Pipeline('quiet')
      .withStage('only', () => ({ n: 1 }))
      .build({ journal, sinks: [{ emit: ({ type }) => void events.push(type) }] });
    await pipeline.run({ identity });
    const before = events.length;
    await replay(pipeline, await journal.read(key));
    expect(events).toHaveLength(before);
    expect((await journal.read(key)).entries).toHaveLength(3);
  });

  it('takes rounds of a guard as they were', async () => {
    const journal = memory();
    let drafts = 0;
    const build = (own: Journal | null) =>
      new Pipeline('draft')
        .withStage('draft', ({ feedback }) => ({
          text: `${feedback?.reason ?? 'first'} ${own === null ? '' : ++drafts}`,
        }))
        .withStage(
          'check',
          ({ inputs }) => (inputs.from('draft').text.includes('again') ? { good: true } : StageOutput.fail('again')),
          { dependsOn: ['draft'], kind: StageKind.Guard, retryFrom: { stage: 'draft', attempts: 3 } },
        )
        .build(own === null ? {} : { journal: own });
    await build(journal).run({ identity });
    const { divergences } = await replay(build(null), await journal.read(key));
    expect(divergences.map(({ stage, round, difference }) => [stage, round, difference?.path])).toEqual([
      ['draft', 1, '$.text'],
      ['draft', 2, '$.text'],
    ]);
  });
});

describe('A fork', () => {
  it('runs again from a stage on, as a run of its own', async () => {
    const journal = memory();
    const weather = new Weather();
    await forecast(journal, weather).run({ identity, inputText: 'Oslo' });
    const forked = fork(forecast(null, weather, 100), await journal.read(key), { from: 'tell', journal });
    const outcome = await forked.result;
    expect(forked.id).not.toBe('run-1');
    expect(weather.calls).toBe(1);
    expect(outcome.results.outputs).toMatchObject({ tell: { text: '4 degrees' }, send: { sent: true } });
    expect(outcome.results.identity).toMatchObject({ correlationId: 'run-1', runId: forked.id });
    expect((await journal.read({ tenant: null, runId: forked.id })).outputs).toEqual((await journal.read(key)).outputs);
  });

  it('takes other outputs for stages upstream', async () => {
    const journal = memory();
    await forecast(journal, new Weather()).run({ identity, inputText: 'Oslo' });
    const run = await journal.read(key);
    const override = { ask: { degrees: -3, unit: 'C', problem: '' } };
    const outcome = await fork(forecast(null, new Weather()), run, { from: 'tell', override }).result;
    expect(outcome.results.of('tell')).toEqual({ text: '-3 degrees' });
    expect(() => fork(forecast(null, new Weather()), run, { from: 'ask', override })).toThrow(
      expect.objectContaining({ code: 'RUN_INPUT_INVALID' }),
    );
    expect(() => fork(forecast(null, new Weather()), run, { from: 'nobody' })).toThrow(
      expect.objectContaining({ code: 'RUN_INPUT_INVALID' }),
    );
  });
});

describe('A recorded run', () => {
  it('says what a stage was given', async () => {
    const journal = memory();
    await forecast(journal, new Weather()).run({ identity, inputText: 'Oslo' });
    const { snapshot, dependencies } = inputsOf(await journal.read(key), 'tell');
    expect(snapshot.inputText).toBe('Oslo');
    expect(dependencies.get('ask')).toMatchObject({ status: 'ok', data: { degrees: 4 } });
    await expect(async () => inputsOf(await journal.read(key), 'nobody')).rejects.toMatchObject({
      code: 'JOURNAL_INCOMPLETE',
    });
  });

  it('is something to test with', async () => {
    const journal = memory();
    await forecast(journal, new Weather()).run({ identity, inputText: 'Oslo', metadata: { since: new Date(0) } });
    const fixture = fixtureOf(await journal.read(key));
    expect(fixture).toMatchObject({
      pipeline: 'forecast',
      input: { inputText: 'Oslo', metadata: { since: new Date(0) } },
    });
    expect(fixture.outputs.get('tell')).toEqual({ text: '4 degrees' });
  });
});
