/* Agents where other stages are: in a test of their own, in Nest, in a journal. */
import 'reflect-metadata';
import { Test as NestTest } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { Agent, AgentStage, ModelError, ModelProvider, wholeTurns } from '../../../src/agents/index.js';
import { Pipeline, PipelineModule, StageKind } from '../../../src/index.js';
import { Journal, MemoryJournalStore, recordCalls, recorded, replay, resume } from '../../../src/journal/index.js';
import { getPipelineToken, StageflowModule } from '../../../src/nestjs/index.js';
import { type ModelScript, ScriptedModel, scriptedModel, Test } from '../../../src/testing/index.js';
import { DyingStore, later } from '../journal/interrupted.js';
import { call, tool } from './asked.js';

@Agent({ instructions: 'Talk.' })
class Talk extends AgentStage {}
@Agent({ instructions: 'Talk fast.', model: 'fast' })
class TalkFast extends AgentStage {}

describe('an agent', () => {
  it('is tested alone with a model that is provided', async () => {
    const model = scriptedModel(['Yo.']);
    const { data } = await Test.createStage(Talk).provide(ModelProvider, model).run({ inputText: 'Hi' });
    expect(data).toMatchObject({ answer: 'Yo.' });
  });

  it('gets its model in a Nest application as well', async () => {
    const model = (text: string) => ({ useValue: scriptedModel([text]) });
    @PipelineModule({
      stages: [Talk, TalkFast],
      providers: [
        { provide: ModelProvider, ...model('Hi.') },
        { provide: 'fast', ...model('Hi!') },
      ],
    })
    class Talking {}
    const imports = [StageflowModule.forRoot({}), StageflowModule.forFeature([Talking])];
    const nest = await NestTest.createTestingModule({ imports }).compile();
    await nest.init();
    const results = await nest.get(getPipelineToken(Talking)).run({ inputText: 'x' });
    expect([results.of(Talk).answer, results.of(TalkFast).answer]).toEqual(['Hi.', 'Hi!']);
    await nest.close();
  });

  it('is of kind agent in a builder, unless something else is said', () => {
    const agent = () => new AgentStage(scriptedModel([]), { instructions: 'x' });
    const { graph } = new Pipeline('p').withStage('a', agent()).withStage('b', agent(), StageKind.Work).build();
    expect(graph.stages.map(({ kind }) => kind)).toEqual(['agent', 'work']);
  });

  it('is given a model, or refused', () => {
    expect(() => new AgentStage(undefined as never, { instructions: 'x' })).toThrow('AGENT_OPTION_INVALID');
    expect(() => new Pipeline('p').withStage('talk', Talk as never).build()).toThrow(
      'whose constructor takes 1 argument',
    );
  });
});

describe('a journal', () => {
  const key = { tenant: null, runId: 'run-1' };
  const identity = { runId: 'run-1' };
  const paying = (script: ModelScript, paid: string[], journal?: Journal) => {
    const pay = tool('pay', ({ to }) => ({ paid: paid.push(to) }), 'irreversible');
    const model = new ScriptedModel(script);
    const kept = wholeTurns(model, (turns) => recorded('model', turns));
    const agent = new AgentStage(kept, { instructions: 'Pay.', tools: [pay], modelRetries: 0 });
    const pipeline = new Pipeline('p', { interceptors: [recordCalls()] })
      .withTools(pay)
      .withStage('agent', agent, { idempotent: true })
      .build(journal === undefined ? {} : { journal });
    return { pipeline, model };
  };

  it('keeps a run that is resumed from doing again what its agent did before the process died', async () => {
    const store = new MemoryJournalStore();
    const paid: string[] = [];
    // The run, its stage, a turn, the call and its end are kept; the process dies over the second turn.
    const script = [{ calls: [{ ...call('pay', { to: 'Bo' }), id: 'x' }] }, 'Paid.'];
    paying(script, paid, new Journal({ store: new DyingStore(store, 5) })).pipeline.start({
      inputText: 'Pay Bo.',
      identity,
    });
    for (let turn = 0; turn < 30; turn++) await new Promise(setImmediate);
    const journal = new Journal({ store, clock: later });
    const again = [{ calls: [{ ...call('pay', { to: 'Bo' }), id: 'y' }] }, 'Paid.'];
    const { pipeline, model } = paying(again, paid, journal);
    const { status, results } = await (await resume(pipeline, journal, key)).result;
    expect(status).toBe('completed');
    expect(results.of('agent').calls[0]?.result).toBe('{"paid":1}');
    expect(paid).toEqual(['Bo']);
    model.assertComplete();
  });

  it('replays an agent without asking its model or calling its tools', async () => {
    const journal = new Journal({ store: new MemoryJournalStore() });
    const paid: string[] = [];
    const script = [{ text: 'Well.', calls: [call('pay', { to: 'Bo' })] }, 'Paid.'];
    await paying(script, paid, journal).pipeline.run({ inputText: 'Pay Bo.', identity });
    const { pipeline, model } = paying([], paid);
    const run = await journal.read(key);
    const { divergence, outcome } = await replay(pipeline, run, { recompute: () => true });
    expect([divergence, outcome.status]).toEqual([null, 'completed']);
    expect([paid, model.requests]).toEqual([['Bo'], []]);
  });

  it('keeps how a model failed, for what decides whether to ask again', async () => {
    const fail = new ModelError({ message: 'Busy.', retryable: false, status: 429, retryAfterMs: 5 });
    const model = wholeTurns(scriptedModel([{ text: 'Oh', fail }]), (turns) => ({
      turn: async (...asked) => JSON.parse(JSON.stringify(await turns.turn(...asked))),
    }));
    const run = new Pipeline('p').withStage('a', new AgentStage(model, { instructions: 'x' })).build();
    const { results } = await run.start({ inputText: 'x' }).result;
    const { code, status, retryable, retryAfterMs } = fail;
    expect(results.stages[0]?.failure?.error).toMatchObject({
      cause: { code, status, retryable, retryAfterMs },
    });
  });
});
