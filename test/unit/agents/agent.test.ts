import { describe, expect, it } from 'vitest';
import { Agent, AgentStage, type ModelPart, ModelProvider } from '../../../src/agents/index.js';
import { Injectable, PipelineModule, Stageflow } from '../../../src/index.js';
import { scriptedModel } from '../../../src/testing/index.js';

const options = { instructions: 'x' };

@Injectable()
class Fast extends ModelProvider {
  readonly model = 'fast';
  async *stream(): AsyncGenerator<ModelPart> {
    yield { type: 'text', text: 'Fast.' };
    yield { type: 'finish', reason: 'stop' };
  }
}
const slow = scriptedModel(['Slow.'], { repeatLast: true });

/** What the agents of a module answer. */
async function answersOf(...agents: (new (...args: any[]) => AgentStage)[]) {
  @PipelineModule({
    stages: agents,
    providers: [Fast, { provide: ModelProvider, useValue: slow }],
  })
  class Agents {}
  await using app = await Stageflow.create(Agents);
  const results = await app.run(Agents, { inputText: 'Hi' });
  return agents.map((agent) => results.of(agent).answer);
}

describe('the model of an agent class', () => {
  it('is the one that is provided, the one that is named, or what its constructor says, inherited or not', async () => {
    @Agent(options)
    class Plain extends AgentStage {}
    @Agent({ ...options, model: Fast })
    class Named extends AgentStage {}
    @Agent(options)
    class Own extends AgentStage {
      constructor(model: Fast, other: ModelProvider) {
        super(model ?? other);
      }
    }
    @Agent(options)
    class Heir extends Own {}
    @Agent(options)
    class NamedHeir extends Named {}
    @Agent({ ...options, model: ModelProvider })
    class Renamed extends Named {}
    const answers = await answersOf(Plain, Named, Own, Heir, NamedHeir, Renamed);
    expect(answers).toEqual(['Slow.', 'Fast.', 'Fast.', 'Fast.', 'Fast.', 'Slow.']);
  });
});

describe('@Agent', () => {
  const refused = (decorate: () => unknown) =>
    expect(decorate).toThrow(expect.objectContaining({ code: 'AGENT_OPTION_INVALID' }));

  it.each([
    [{ ...options, tool: [] }, 'has no option "tool"'],
    [{ ...options, name: ' ' }, 'has a blank name'],
    [{ ...options, timeoutMs: -1 }, 'has timeoutMs -1'],
    [{ ...options, priority: Number.NaN }, 'has priority NaN'],
    [{ ...options, maxTurns: 0 }, 'has maxTurns 0'],
  ])('refuses %j when the class is loaded', (given, message) => {
    const decorate = () => Agent(given)(class Odd extends AgentStage {});
    refused(decorate);
    expect(decorate).toThrow(message);
  });

  it('refuses a class that is a stage already, is no agent, or has a constructor beside a named model', () => {
    class Twice extends AgentStage {}
    Agent(options)(Twice);
    refused(() => Agent(options)(Twice));
    refused(() => Agent(options)(class NoAgent {} as never));
    class Own extends AgentStage {
      constructor(model: ModelProvider) {
        super(model, options);
      }
    }
    refused(() => Agent({ ...options, model: Fast })(Own));
  });

  it('says what the stage is', async () => {
    @Agent({ ...options, name: 'adviser', timeoutMs: 100, priority: 2, idempotent: true, when: () => false })
    class Adviser extends AgentStage {}
    @PipelineModule({ stages: [Adviser], providers: [{ provide: ModelProvider, useValue: slow }] })
    class Advising {}
    await using app = await Stageflow.create(Advising);
    const [stage] = (await app.run(Advising, { inputText: 'x' })).stages;
    expect(stage).toMatchObject({ stage: 'adviser', status: 'skip' });
    const spec = { name: 'adviser', kind: 'agent', timeoutMs: 100, priority: 2, idempotent: true };
    expect(app.pipeline(Advising).graph.stages[0]).toMatchObject(spec);
  });
});
