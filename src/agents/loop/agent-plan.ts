import { type Contract, type ContractSource, contractOf } from '../../contracts/index.js';
import { DefinitionError, type Problem, StageflowError } from '../../errors/index.js';
import type { StageContext, ToolClass, ToolValue } from '../../stage/index.js';
import type { AgentGuard } from '../guards/index.js';
import type { FilledPrompt } from '../prompt.js';
import type { PriceTable } from '../spending/index.js';
import { Budget } from '../spending/index.js';
import { type AgentOptions, HistoryRule } from './agent-options.js';
import { toolName } from './toolset.js';

/** The options of an agent, checked, with every default in its place. */
export interface AgentPlan {
  readonly instructions: (ctx: StageContext) => string | FilledPrompt;
  readonly tools: readonly (ToolClass | ToolValue)[];
  readonly output: Contract | null;
  readonly maxTurns: number;
  readonly maxCallsPerTurn: number;
  readonly budget: AgentOptions['budget'] | null;
  readonly prices: PriceTable;
  readonly maxOutputTokens: number | null;
  readonly temperature: number | null;
  readonly repairs: number;
  readonly stagnation: number;
  readonly modelRetries: number;
  readonly streamTokens: boolean;
  readonly history: HistoryRule;
  readonly guards: readonly AgentGuard[];
  readonly maxResultChars: number;
}

/** @throws DefinitionError with AGENT_OPTION_INVALID, with everything that is wrong */
export function planAgent(name: string, options: Partial<AgentOptions>): AgentPlan {
  const problems = agentProblems(name, options);
  if (problems.length > 0) throw new DefinitionError(`agent "${name}"`, problems);
  const { instructions = '' } = options;
  return Object.freeze({
    instructions: toFunction(instructions),
    tools: options.tools ?? [],
    output: options.output === undefined ? null : contractOf(options.output as ContractSource),
    maxTurns: options.maxTurns ?? 10,
    maxCallsPerTurn: options.maxCallsPerTurn ?? 64,
    budget: options.budget ?? null,
    prices: options.prices ?? {},
    maxOutputTokens: options.maxOutputTokens ?? null,
    temperature: options.temperature ?? null,
    repairs: options.repairs ?? 2,
    stagnation: options.stagnation ?? 3,
    modelRetries: options.modelRetries ?? 2,
    streamTokens: options.streamTokens ?? false,
    history: options.history ?? HistoryRule.Demote,
    guards: options.guards ?? [],
    maxResultChars: options.maxResultChars ?? 100_000,
  });
}

function toFunction(instructions: AgentOptions['instructions']): AgentPlan['instructions'] {
  if (typeof instructions === 'function') return instructions;
  const text = typeof instructions === 'string' ? instructions : instructions.fill({});
  return () => text;
}

/** Smallest value of each option that is a whole number. */
const WHOLE_NUMBERS = {
  maxTurns: 1,
  maxCallsPerTurn: 1,
  maxOutputTokens: 1,
  repairs: 0,
  stagnation: 0,
  modelRetries: 0,
  maxResultChars: 1,
} as const;

/** Everything that is wrong with the options of an agent. */
export function agentProblems(name: string, options: Partial<AgentOptions>): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse = (option: string, what: string, fix: string): void => {
    const message = `Agent "${name}" ${what}.`;
    problems.push({ code: 'AGENT_OPTION_INVALID', message, fix, details: { agent: name, option } });
  };
  const { instructions, tools = [], history, guards = [], budget, output } = options;
  if (instructions === undefined || instructions === '') refuse('instructions', 'has no instructions', 'Give some.');
  if (options.stagnation === 1) refuse('stagnation', 'has stagnation 1', 'Give 0, or a whole number from 2.');
  if (history !== undefined && !Object.values(HistoryRule).includes(history)) {
    refuse('history', `has history ${String(history)}`, `Use one of ${Object.values(HistoryRule).join(', ')}.`);
  }
  if (!tools.every((tool) => tool !== undefined && toolName(tool) !== '')) {
    refuse('tools', 'lists something that is no tool', 'Give classes with @Tool, or what defineTool made.');
  }
  if (!guards.every((guard) => typeof guard?.check === 'function')) {
    refuse('guards', 'lists something that is no guard', 'Give objects with check().');
  } else if (options.streamTokens && guards.some(({ side }) => side === 'output' || side === 'both')) {
    const fix = 'Leave one of them: what has been streamed cannot be taken back.';
    refuse('streamTokens', 'streams tokens and has a guard of its output', fix);
  }
  problems.push(...numberProblems(name, options), ...budgetProblems(name, budget), ...outputProblems(name, output));
  return problems;
}

function numberProblems(name: string, options: Partial<AgentOptions>): readonly Problem[] {
  return Object.entries(WHOLE_NUMBERS).flatMap(([option, least]): readonly Problem[] => {
    const value = options[option as keyof typeof WHOLE_NUMBERS];
    if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return [];
    const message = `Agent "${name}" has ${option} ${String(value)}.`;
    const fix = `Give a whole number from ${least}.`;
    return [{ code: 'AGENT_OPTION_INVALID', message, fix, details: { agent: name, option } }];
  });
}

function budgetProblems(name: string, budget: AgentOptions['budget']): readonly Problem[] {
  if (budget === undefined || budget instanceof Budget) return [];
  const wrong = (['tokens', 'cost', 'timeMs'] as const).filter((limit) => {
    const value = budget[limit];
    return value !== undefined && !(typeof value === 'number' && value >= 0);
  });
  return wrong.map((limit) => ({
    code: 'AGENT_OPTION_INVALID',
    message: `Agent "${name}" has a budget with ${limit} ${String(budget[limit])}.`,
    fix: 'Give a number from 0, or leave it out for no limit.',
    details: { agent: name, option: 'budget', limit },
  }));
}

function outputProblems(name: string, output: AgentOptions['output']): readonly Problem[] {
  if (output === undefined) return [];
  try {
    contractOf(output);
    return [];
  } catch (error) {
    if (!(error instanceof StageflowError)) throw error;
    const message = `Agent "${name}" has an output that is no contract. ${error.summary}`;
    const details = { agent: name, option: 'output' };
    return [{ code: 'AGENT_OPTION_INVALID', message, fix: error.fix ?? '', details }];
  }
}
