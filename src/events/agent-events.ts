/*
 * What agents say of themselves. They are custom events, since the engine knows nothing of agents: numbered, with the ids of
 * the run, and free of its secrets like all others.
 */
import type { CustomEvent, PipelineEvent } from './pipeline-event.js';

export const AgentEventName = {
  /** A piece of text, as the model says it. Only with the option `streamTokens`. */
  Token: 'agent.token',
  /** The model has said all it says in a turn. */
  Turn: 'agent.turn',
  /** A call of the model failed and is made again: what it had said in this turn counts no more. */
  TurnRetried: 'agent.turn_retried',
  /** The final answer was refused and goes back to the model. */
  AnswerRefused: 'agent.answer_refused',
  /** A guard has decided. */
  Guard: 'agent.guard',
  /** The agent is done, however that came. */
  Finished: 'agent.finished',
} as const;
export type AgentEventName = (typeof AgentEventName)[keyof typeof AgentEventName];

export interface AgentTokenData {
  readonly turn: number;
  readonly text: string;
}
export interface AgentTurnData {
  /** 1 for the first. */
  readonly turn: number;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** How many tools it asks for. */
  readonly calls: number;
  readonly finish: string;
  readonly durationMs: number;
}
export interface AgentTurnRetriedData {
  readonly turn: number;
  readonly delayMs: number;
  readonly code: string;
}
export interface AgentAnswerRefusedData {
  readonly turn: number;
  readonly reason: string;
}
export interface AgentGuardData {
  readonly guard: string;
  readonly side: 'input' | 'output';
  readonly allowed: boolean;
  readonly reason: string | null;
}
export interface AgentFinishedData {
  /** `answered`, or why it stopped. */
  readonly outcome: string;
  readonly turns: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null for plain instructions. */
  readonly promptVersion: string | null;
}

interface AgentEventData {
  readonly 'agent.token': AgentTokenData;
  readonly 'agent.turn': AgentTurnData;
  readonly 'agent.turn_retried': AgentTurnRetriedData;
  readonly 'agent.answer_refused': AgentAnswerRefusedData;
  readonly 'agent.guard': AgentGuardData;
  readonly 'agent.finished': AgentFinishedData;
}

/** An event of an agent. `name` says which, `data` what. */
export type AgentEvent<N extends AgentEventName = AgentEventName> = N extends unknown
  ? CustomEvent & { readonly name: N; readonly data: AgentEventData[N] }
  : never;

/** What of an event is an agent's, to be switched on by `name`, or exactly the one of a name. */
export function isAgentEvent<N extends AgentEventName = AgentEventName>(
  event: PipelineEvent,
  name?: N,
): event is AgentEvent<N> {
  if (event.type !== 'custom') return false;
  return name === undefined ? NAMES.has(event.name) : event.name === name;
}

const NAMES: ReadonlySet<string> = new Set(Object.values(AgentEventName));
