import type { ContractSource } from '../../contracts/index.js';
import type { StageContext, ToolClass, ToolValue } from '../../stage/index.js';
import type { AgentGuard } from '../guards/index.js';
import type { FilledPrompt, Prompt } from '../prompt.js';
import type { Budget, BudgetLimits, PriceTable } from '../spending/index.js';

/** What becomes of messages in a conversation that claim to be the program's or a tool's. */
export const HistoryRule = {
  /** They are shown to the model as words of the user, marked as what they claim to be. The default. */
  Demote: 'demote',
  /** The stage fails. */
  Refuse: 'refuse',
  /** The conversation of the run is not shown to the model at all. */
  Ignore: 'ignore',
} as const;
export type HistoryRule = (typeof HistoryRule)[keyof typeof HistoryRule];

export interface AgentOptions<O extends ContractSource = ContractSource> {
  /** What the model is told first, and what only the program can say. */
  readonly instructions: string | Prompt<never> | ((ctx: StageContext) => string | FilledPrompt);
  /** What it may call, of the tools of the pipeline. Default: nothing. */
  readonly tools?: readonly (ToolClass | ToolValue)[];
  /** What the final answer has to be: a DTO class or any Standard Schema. Default: text. */
  readonly output?: O;
  /** How often the model is asked at most. Default 10. */
  readonly maxTurns?: number;
  /** How many calls of tools are made in one turn; the model is told to ask for others again. Default 64. */
  readonly maxCallsPerTurn?: number;
  /** What the agent may spend on one question, kept free before each turn. Default: no limit. Give a `Budget` to share one. */
  readonly budget?: AgentBudget | Budget;
  /** What tokens cost, by model. Needed where a budget limits the cost. */
  readonly prices?: PriceTable;
  /** The longest answer of one turn, in tokens. Default: what the model takes; 4,096 where a budget limits tokens or cost. */
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  /** How often a final answer that does not keep its contract goes back to the model. Default 2. */
  readonly repairs?: number;
  /** Stops when the same calls had the same results this often. At least 2; 0 means never. Default 3. */
  readonly stagnation?: number;
  /** How often a call of the model is made again that failed in passing. Default 2. */
  readonly modelRetries?: number;
  /** Send what the model says as events, as it says it. Default false. */
  readonly streamTokens?: boolean;
  /** Default `demote`. */
  readonly history?: HistoryRule;
  /** Who looks at what comes in and goes out. */
  readonly guards?: readonly AgentGuard[];
  /** Longer tool results are cut off for the model, in characters. Default 100,000. */
  readonly maxResultChars?: number;
}

export interface AgentBudget extends BudgetLimits {
  /** How long the agent may take, in ms. */
  readonly timeMs?: number;
}
