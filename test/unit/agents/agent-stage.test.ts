import { IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Agent, AgentStage, ModelProvider } from '../../../src/agents/index.js';
import {
  DependsOn,
  defineTool,
  Injectable,
  isAgentEvent,
  MemorySink,
  Pipeline,
  PipelineModule,
  Stage,
  type StageContext,
  Stageflow,
  StageKind,
  Tool,
} from '../../../src/index.js';
import { scriptedModel } from '../../../src/testing/index.js';

class Query {
  @IsString() text!: string;
}
class Verdict {
  @IsString() verdict!: string;
}

@Injectable()
class Library {
  readonly asked: string[] = [];
}

@Tool({ name: 'search', description: 'Finds pages.', input: Query, effect: 'read' })
class Search {
  constructor(private readonly library: Library) {}
  execute({ text }: Query) {
    this.library.asked.push(text);
    return { pages: [`about ${text}`] };
  }
}

@Stage()
class Fetch {
  execute() {
    return { page: 'rain' };
  }
}

@Agent({ instructions: 'Answer.', tools: [Search], output: Verdict })
@DependsOn(Fetch)
class Judge extends AgentStage<Verdict> {
  override execute(ctx: StageContext<typeof Fetch>) {
    return this.ask(ctx, { text: `Judge ${ctx.inputs.of(Fetch).page}.` });
  }
}

@Agent({ instructions: 'Be brief.' })
class Talk extends AgentStage {}

describe('an agent of a module', () => {
  it('gets its model and its tools by injection, and hands on an answer that keeps its contract', async () => {
    const model = scriptedModel([
      { calls: [{ tool: 'search', input: { text: 'rain' } }] },
      'Here you are:\n```json\n{"verdict":"wet"}\n```',
    ]);
    @PipelineModule({
      stages: [Fetch, Judge],
      tools: [Search],
      providers: [Library, { provide: ModelProvider, useValue: model }],
    })
    class Judging {}
    await using app = await Stageflow.create(Judging);
    const { answer, turns, calls, usage } = (await app.run(Judging)).of(Judge);
    expect(answer).toEqual({ verdict: 'wet' });
    expect(answer).toBeInstanceOf(Verdict);
    expect([turns, usage]).toEqual([2, { inputTokens: 20, outputTokens: 10, cost: null }]);
    expect(calls).toMatchObject([{ tool: 'search', status: 'completed', turn: 1, result: '{"pages":["about rain"]}' }]);
    expect(model.requests[1]?.messages.slice(1)).toMatchObject([
      { role: 'user', text: 'Judge rain.' },
      { role: 'assistant', calls: [{ id: 'call-1', name: 'search' }] },
      { role: 'tool', callId: 'call-1', tool: 'search', failed: false },
    ]);
    model.assertComplete();
  });

  it('is of kind agent, and answers what the run asks', async () => {
    const model = scriptedModel(['Hello.']);
    @PipelineModule({ stages: [Talk], providers: [{ provide: ModelProvider, useValue: model }] })
    class Talking {}
    await using app = await Stageflow.create(Talking);
    const results = await app.run(Talking, { inputText: 'Hi' });
    expect(results.of(Talk).answer).toBe('Hello.');
    expect(model.requests[0]?.messages).toEqual([
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Hi' },
    ]);
  });
});

describe('an agent of a pipeline without a container', () => {
  it('sends what it says as whole words, and each turn, into the stream of the run', async () => {
    const echo = defineTool({
      name: 'echo',
      description: 'Says it again.',
      input: z.object({ text: z.string() }),
      effect: 'read',
      execute: ({ text }) => text,
    });
    const model = scriptedModel([{ text: 'Let me see.', calls: [{ tool: 'echo', input: { text: 'a' } }] }, 'It is a.']);
    const sink = new MemorySink();
    const agent = new AgentStage(model, { instructions: 'Answer.', tools: [echo], streamTokens: true });
    const pipeline = new Pipeline('talk').withTools(echo).withStage('agent', agent, StageKind.Agent).build();
    const results = await pipeline.run({ inputText: 'What is it?' }, { sinks: [sink] });
    expect(results.of('agent').text).toBe('It is a.');
    const seen = sink.events.flatMap((event) =>
      event.type.startsWith('tool.') ? [event.type] : isAgentEvent(event) ? [event.name] : [],
    );
    expect(seen).toEqual([
      ...['agent.token', 'agent.token', 'agent.token', 'agent.turn'],
      ...['tool.invoked', 'tool.started', 'tool.completed'],
      ...['agent.token', 'agent.token', 'agent.token', 'agent.turn', 'agent.finished'],
    ]);
    const tokens = sink.events.flatMap((event) => (isAgentEvent(event, 'agent.token') ? [event.data.text] : []));
    expect(tokens.join('|')).toBe('Let |me |see.|It |is |a.');
  });
});
