export { type AgentBudget, type AgentOptions, HistoryRule } from './agent-options.js';
export { type AgentPlan, agentProblems, planAgent } from './agent-plan.js';
export {
  type AgentCall,
  type AgentProgress,
  type AgentResult,
  type AgentStop,
  AgentStoppedError,
  type AgentUsage,
} from './agent-result.js';
export { AgentRun } from './agent-run.js';
export type { AgentQuestion } from './opening-messages.js';
