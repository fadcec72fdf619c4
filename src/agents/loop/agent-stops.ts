/* Why an agent stops without an answer, in words. */
import { FinishReason, type ModelError } from '../model/index.js';
import { type AgentProgress, type AgentStop, type AgentStopInit, AgentStoppedError } from './agent-result.js';

export interface StopReason extends AgentStopInit {
  readonly code: AgentStop;
  /** Continues `Agent "x" `, without a full stop. */
  readonly message: string;
}

export function stoppedError(agent: string, partial: AgentProgress, reason: StopReason): AgentStoppedError {
  const { code, message, ...init } = reason;
  return new AgentStoppedError(code, partial, { ...init, message: `Agent "${agent}" ${message}.` });
}

export function modelFailed(error: ModelError): StopReason {
  const { summary, fix, retryable } = error;
  const code = error.code === 'MODEL_ANSWER_INVALID' ? error.code : 'MODEL_FAILED';
  const message = `lost its model: ${summary.replace(/\.$/, '')}`;
  return { code, message, retryable, cause: error, ...(fix === undefined ? {} : { fix }) };
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
