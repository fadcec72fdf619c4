import { type ErrorCode, StageflowError } from '../../errors/index.js';
import type { ToolOutcome } from '../../stage/index.js';

/** What an agent has used so far. */
export interface AgentUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** By the prices of the agent, in their currency; null without prices. */
  readonly cost: number | null;
}

/** One tool call of an agent. */
export interface AgentCall {
  /** 1 for the first turn of the model. */
  readonly turn: number;
  readonly tool: string;
  /** The id that approvals, undo and events know it by; the model's own where nothing was called. */
  readonly callId: string;
  /** As the model gave them: JSON, or what was to be JSON. */
  readonly arguments: string;
  readonly status: ToolOutcome['status'];
  /** What the model was told: the output as text, or why there is none. */
  readonly result: string;
}

/** What an agent has done, answered or not. */
export interface AgentProgress {
  /** What the model said last. */
  readonly text: string;
  /** How often the model was asked. */
  readonly turns: number;
  readonly usage: AgentUsage;
  readonly calls: readonly AgentCall[];
  /** The version of its prompt; null for plain instructions. */
  readonly promptVersion: string | null;
}

/** What a stage that is an agent hands on. */
export interface AgentResult<out T = string> extends AgentProgress {
  /** The final answer: text, or what keeps the contract `output`. */
  readonly answer: T;
}

/** Why an agent stopped without an answer, by the code of its error. */
export type AgentStop = Extract<ErrorCode, `AGENT_${string}` | `MODEL_${string}`>;

export interface AgentStopInit {
  readonly message: string;
  readonly fix?: string;
  readonly cause?: unknown;
  /** Whether asking the same again can help. Default: no, it would go the same way. */
  readonly retryable?: boolean;
}

/** An agent stopped without an answer. What it had done until then is in `partial`. */
export class AgentStoppedError extends StageflowError {
  readonly partial: AgentProgress;
  readonly retryable: boolean;

  constructor(code: AgentStop, partial: AgentProgress, { retryable = false, ...init }: AgentStopInit) {
    super({ ...init, code, details: { turns: partial.turns, calls: partial.calls.length } });
    this.partial = partial;
    this.retryable = retryable;
  }
}
