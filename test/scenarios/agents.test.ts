import { IsString } from 'class-validator';
import {
  AuthContext,
  defineTool,
  MemorySink,
  Pipeline,
  PipelineModule,
  RetryInterceptor,
  Sensitive,
  Stageflow,
  StageKind,
  type ToolCallIdentity,
} from 'stageflow';
import { Agent, AgentStage, delegate, ModelError, ModelProvider } from 'stageflow/agents';
import { ApprovalService, approvers, MemoryApprovalStore, MemoryUndoStore, UndoService } from 'stageflow/approvals';
import { scriptedModel } from 'stageflow/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const ann = AuthContext.verified({ userId: 'ann', orgId: 'acme' });
const tom = { auth: AuthContext.verified({ userId: 'tom', orgId: 'acme', roles: ['treasurer'] }) };
const amount = z.object({ amount: z.number().positive() });

function payTool(paid: number[]) {
  return defineTool({
    name: 'pay',
    description: 'Pays.',
    input: amount,
    effect: 'irreversible',
    execute: ({ amount: sum }) => ({ paid: paid.push(sum) }),
  });
}

const paying = (times = 1) => [
  ...Array.from({ length: times }, (_, index) => ({
    calls: [{ tool: 'pay', input: { amount: 50 }, id: `model-${index}` }],
  })),
  'Paid.',
];

describe('an agent that wants to do what cannot be taken back', () => {
  it('is denied if nobody can approve, like any stage, and told so', async () => {
    const paid: number[] = [];
    const pay = payTool(paid);
    const agent = new AgentStage(scriptedModel(paying()), { instructions: 'Pay.', tools: [pay] });
    const pipeline = new Pipeline('p').withTools(pay).withStage('agent', agent, StageKind.Agent).build();
    const { calls } = (await pipeline.run({ inputText: 'Pay 50.' })).of('agent');
    expect([paid, calls[0]?.status]).toEqual([[], 'denied']);
    expect(calls[0]?.result).toContain('approval');
  });

  it('waits for the approval, which is for this call alone', async () => {
    const paid: number[] = [];
    const pay = payTool(paid);
    const approvals = new ApprovalService({
      store: new MemoryApprovalStore(),
      policy: approvers({ roles: ['treasurer'] }),
      validate: (_, input) => void amount.parse(input),
    });
    const agent = new AgentStage(scriptedModel(paying(2)), { instructions: 'Pay.', tools: [pay] });
    const pipeline = new Pipeline('p')
      .withTools(pay)
      .withStage('agent', agent, StageKind.Agent)
      .build({ toolServices: { approvals } });
    const run = pipeline.start({ inputText: 'Pay 50, twice.', auth: ann });
    let asked = 0;
    for await (const event of run.events) {
      if (event.type !== 'approval.requested') continue;
      asked++;
      expect(paid).toHaveLength(asked - 1);
      const { requests } = await approvals.pending(tom);
      await approvals.approve(requests[0]?.id ?? '', tom);
    }
    expect((await run.result).status).toBe('completed');
    expect([asked, paid]).toEqual([2, [50, 50]]);
  });
});

describe('an approver who changes what an agent asked for', () => {
  it('is heard by the model, which goes on from what was done', async () => {
    const paid: number[] = [];
    const pay = payTool(paid);
    const approvals = {
      request: async () => ({ status: 'approved', requestId: 'r', decidedBy: 'tom', input: { amount: 45 } }) as const,
    };
    const agent = new AgentStage(scriptedModel(paying()), { instructions: 'Pay.', tools: [pay] });
    const pipeline = new Pipeline('p').withTools(pay).withStage('agent', agent).build({ toolServices: { approvals } });
    const [call] = (await pipeline.run({ inputText: 'Pay 50.' })).of('agent').calls;
    expect(paid).toEqual([45]);
    expect(call).toMatchObject({ arguments: '{"amount":50}', status: 'completed' });
    expect(call?.result).toMatch(/changed its arguments.*\{"amount":45\}\n\{"paid":1\}$/);
  });
});

describe('what an agent did', () => {
  it('can be taken back by the ids that its result tells', async () => {
    const texts = new Map([['a', 'old']]);
    const edit = defineTool({
      name: 'edit',
      description: 'Edits.',
      input: z.object({ text: z.string() }),
      effect: 'reversible',
      execute: ({ text }, ctx) => {
        ctx.recordUndo(texts.get('a'));
        texts.set('a', text);
        return { done: true };
      },
      undo: ({ data }) => texts.set('a', data as string),
    });
    const undo = new UndoService({ store: new MemoryUndoStore(), handlerOf: () => edit.definition.undo });
    const model = scriptedModel([{ calls: [{ tool: 'edit', input: { text: 'new' } }] }, 'Edited.']);
    const agent = new AgentStage(model, { instructions: 'Edit.', tools: [edit] });
    const pipeline = new Pipeline('p').withTools(edit).withStage('agent', agent, StageKind.Agent);
    const results = await pipeline.build({ toolServices: { undo } }).run({ inputText: 'Edit.', auth: ann });
    expect(texts.get('a')).toBe('new');
    await undo.undo(results.of('agent').calls[0]?.callId ?? '', { auth: ann });
    expect(texts.get('a')).toBe('old');
  });

  it('is not done again by another attempt that asks for the same, whatever ids its model gives', async () => {
    const paid: number[] = [];
    const pay = payTool(paid);
    const approvals = { request: async () => ({ status: 'approved', requestId: 'r', decidedBy: 'tom' }) as const };
    const fail = new ModelError({ message: 'Busy.', retryable: true, retryAfterMs: 0 });
    const call = (id: string) => ({ calls: [{ tool: 'pay', input: { amount: 50 }, id }] });
    const model = scriptedModel([call('x'), { fail }, call('y'), 'Paid.']);
    const agent = new AgentStage(model, { instructions: 'Pay.', tools: [pay], modelRetries: 0 });
    const known = new Map<string, unknown>();
    const key = ({ runId, callKey }: ToolCallIdentity) => `${runId} ${callKey}`;
    const calls = {
      find: async (of: ToolCallIdentity) => (known.get(key(of)) ?? null) as never,
      started: async (of: ToolCallIdentity & { inputDigest: string }) =>
        void known.set(key(of), { status: 'in-flight', inputDigest: of.inputDigest }),
      finished: async (of: ToolCallIdentity, { output }: { output?: unknown }) =>
        void known.set(key(of), { ...(known.get(key(of)) as object), status: 'completed', output }),
    };
    const again = new RetryInterceptor({ attempts: 2, delayMs: 0, idempotent: true });
    const pipeline = new Pipeline('p')
      .withTools(pay)
      .withStage('agent', agent, { kind: StageKind.Agent, interceptors: [again] })
      .build({ toolServices: { approvals, calls } });
    const results = await pipeline.run({ inputText: 'Pay 50.' });
    expect(results.of('agent').calls[0]?.result).toBe('{"paid":1}');
    expect(paid).toEqual([50]);
    model.assertComplete();
  });
});

class Login {
  @IsString() @Sensitive() phrase!: string;
}

describe('a secret that a model repeats', () => {
  it('is masked in its tokens as well, however they are cut', async () => {
    const secret = 'hunter2-very-secret';
    async function* pieces() {
      for (const text of ['You said hun', 'ter2-very', '-secret, ', 'did you?']) yield { type: 'text', text } as const;
      yield { type: 'finish', reason: 'stop' } as const;
    }
    const agent = new AgentStage({ model: 'm', stream: pieces }, { instructions: 'Talk.', streamTokens: true });
    const sink = new MemorySink();
    const pipeline = new Pipeline('p').withStage('agent', agent, { kind: StageKind.Agent, input: Login }).build();
    await pipeline.run({ inputText: 'Hi', input: { phrase: secret } }, { sinks: [sink] });
    const written = JSON.stringify(sink.events);
    expect(written).toContain('[masked]');
    expect(written).not.toMatch(/hunter|very-secret/);
  });
});

describe('agents of an application', () => {
  const expertModel = scriptedModel(['It is 4.']);
  @Agent({ instructions: 'Help.', model: 'expert model' })
  class Expert extends AgentStage {}
  @PipelineModule({ stages: [Expert], providers: [{ provide: 'expert model', useValue: expertModel }] })
  class ExpertPipeline {}

  const AskExpert = delegate({
    name: 'ask_expert',
    description: 'Asks the expert.',
    effect: 'read',
    input: z.object({ question: z.string() }),
    pipeline: ExpertPipeline,
    start: ({ question }) => ({ inputText: question }),
    answer: (results) => results.of(Expert).answer,
  });

  @Agent({ instructions: 'Answer.', tools: [AskExpert] })
  class Asker extends AgentStage {}

  it('hand tasks to each other, each with a model of its own', async () => {
    const model = scriptedModel([{ calls: [{ tool: 'ask_expert', input: { question: '2 + 2?' } }] }, 'Four.']);
    @PipelineModule({
      name: 'asking',
      stages: [Asker],
      tools: [AskExpert],
      providers: [{ provide: ModelProvider, useValue: model }],
    })
    class Asking {}
    @PipelineModule({ imports: [Asking, ExpertPipeline] })
    class Root {}
    await using app = await Stageflow.create(Root);
    const { answer, calls } = (await app.run(Asking, { inputText: 'How much is 2 + 2?' })).of(Asker);
    expect([answer, calls[0]?.result]).toEqual(['Four.', 'It is 4.']);
    expect(expertModel.requests[0]?.messages.at(-1)?.text).toBe('2 + 2?');
  });

  it('are refused before anything runs if a tool they list is not there, or no model is provided', async () => {
    @PipelineModule({ name: 'lacking', stages: [Asker] })
    class Lacking {}
    const created = Stageflow.create(Lacking);
    await expect(created).rejects.toMatchObject({
      problems: expect.arrayContaining([
        expect.objectContaining({
          code: 'TOOL_UNKNOWN',
          message: expect.stringContaining('"Asker" uses the tool ask_expert'),
        }),
        expect.objectContaining({ code: 'DI_MISSING_PROVIDER' }),
      ]),
    });
  });
});
