export { Agent, type AgentStageOptions } from './agent.js';
export { AgentStage, type AnswerOf } from './agent-stage.js';
export { type DelegateOptions, delegate } from './delegate.js';
export type { AgentGuard, GuardedText, GuardVerdict } from './guards/index.js';
export {
  type AgentBudget,
  type AgentCall,
  type AgentOptions,
  type AgentProgress,
  type AgentQuestion,
  type AgentResult,
  type AgentStop,
  AgentStoppedError,
  type AgentUsage,
  HistoryRule,
} from './loop/index.js';
export {
  FinishReason,
  type ModelCall,
  ModelError,
  type ModelErrorInit,
  type ModelMessage,
  type ModelPart,
  ModelProvider,
  type ModelRequest,
  type ModelTool,
  type ModelUsage,
  type WholeTurn,
  type WholeTurns,
  wholeTurns,
} from './model/index.js';
export { type OpenAiCompatibleOptions, openAiCompatible } from './openai/index.js';
export { type FilledPrompt, type PlacesOf, type Prompt, prompt } from './prompt.js';
export {
  Budget,
  type BudgetLimits,
  budgetOfRun,
  type Loan,
  type ModelPrice,
  type PriceTable,
  type Reservation,
  runBudget,
  type Spending,
  withLoan,
} from './spending/index.js';
