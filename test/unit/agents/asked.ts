import { z } from 'zod';
import { type AgentOptions, type AgentResult, AgentStage, type AgentStoppedError } from '../../../src/agents/index.js';
import {
  defineTool,
  type EngineOptions,
  MemorySink,
  Pipeline,
  type RunInput,
  StageKind,
  type ToolClass,
  type ToolEffect,
} from '../../../src/index.js';
import { type ModelScript, scriptedModel } from '../../../src/testing/index.js';

export const ANY = z.record(z.string(), z.unknown());

/** A tool that does what it is told to, whatever it is called with. */
export function tool(name: string, execute: (input: any, ctx: any) => unknown, effect: ToolEffect = 'read') {
  const options = { name, description: `Does ${name}.`, input: ANY, approval: 'never', execute } as const;
  return effect === 'reversible'
    ? defineTool({ ...options, effect, undo: () => undefined })
    : defineTool({ ...options, effect });
}

type Tools = readonly (ReturnType<typeof tool> | ToolClass)[];
type Setup = Partial<Omit<AgentOptions, 'tools'>> & { readonly tools?: Tools; readonly listed?: Tools };

/** An agent in a pipeline of its own, over a model that says what a script says. */
export function agentOf(steps: ModelScript, setup: Setup = {}, options: EngineOptions = {}) {
  const { tools = [], listed = tools, ...agent } = setup;
  const model = scriptedModel(steps);
  const stage = new AgentStage<any>(model, { instructions: 'Answer.', tools: listed, modelRetries: 0, ...agent });
  const built = new Pipeline('asking')
    .withTools(...tools)
    .withStage('agent', stage, StageKind.Agent)
    .build(options);
  const sink = new MemorySink();
  const start = (input: RunInput = { inputText: 'Go on.' }) => built.start(input, { sinks: [sink] });
  const run = async (input?: RunInput) => {
    const { results } = await start(input).result;
    const [stage] = results.stages;
    if (stage === undefined) throw new Error('The run has no stage.');
    return { ...stage, error: stage.failure?.error as AgentStoppedError, answered: stage.data as AgentResult<any> };
  };
  return { model, sink, start, run, built };
}

export const call = (name: string, input: unknown = {}) => ({ tool: name, input });
