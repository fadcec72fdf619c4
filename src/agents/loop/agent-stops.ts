/* Why an agent stops without an answer, in words. */
import { FinishReason } from '../model/index.js';
import { type AgentProgress, type AgentStop, AgentStoppedError } from './agent-result.js';

export interface StopReason {
  readonly code: AgentStop;
  /** Continues `Agent "x" `, without a full stop. */
  readonly message: string;
  readonly fix: string;
  readonly cause?: unknown;
}

export function stoppedError(agent: string, partial: AgentProgress, reason: StopReason): AgentStoppedError {
  const { code, message, fix, cause } = reason;
  const init = { message: `Agent "${agent}" ${message}.`, fix };
  return new AgentStoppedError(code, partial, cause === undefined ? init : { ...init, cause });
}

export function turnsExhausted(turns: number): StopReason {
  const message = `asked its model ${turns} times and has no answer`;
  return { code: 'AGENT_TURNS_EXHAUSTED', message, fix: 'Raise maxTurns, or give it less to do.' };
}

export function budgetExhausted(turns: number, shortage: string): StopReason {
  const message = `may not ask its model again after ${turns} turns: ${shortage}`;
  return { code: 'AGENT_BUDGET_EXHAUSTED', message, fix: 'Raise the budget, or give it less to do.' };
}

export function stagnated(times: number): StopReason {
  const message = `made the same calls with the same results ${times} times`;
  const fix = 'See partial.calls, and say in the instructions what to do then. Or raise stagnation.';
  return { code: 'AGENT_STAGNATED', message, fix };
}

export function answerInvalid(repairs: number, reason: string): StopReason {
  const message = `gave no answer that can be used, with ${repairs} more chances: ${reason.replace(/\.$/, '')}`;
  return { code: 'AGENT_ANSWER_INVALID', message, fix: 'See partial.text, and say more of it in the instructions.' };
}

/** What is wrong with an answer that did not come to its end; null for nothing. */
export function incomplete(finish: FinishReason): string | null {
  if (finish === FinishReason.Length) return 'The answer was cut off at its longest.';
  if (finish === FinishReason.ContentFilter) return 'The vendor of the model kept the answer back.';
  return null;
}
