import type { EventBase, EventError } from './event-base.js';

/** What every event of a tool call says. */
export interface ToolEventBase extends EventBase {
  readonly stage: string;
  readonly tool: string;
  readonly callId: string;
  /** The key of the item it was made for; absent where it was made for the stage as a whole. */
  readonly item?: string;
}
/** Somebody asked for a tool; nothing has been decided. */
export interface ToolInvoked extends ToolEventBase {
  readonly type: 'tool.invoked';
  /** As they were given, unchecked, but for secrets. Only with the option `toolArguments`. */
  readonly arguments?: unknown;
}
/** Everything allows the call, and its handler is called. */
export interface ToolStarted extends ToolEventBase {
  readonly type: 'tool.started';
}
export interface ToolProgress extends ToolEventBase {
  readonly type: 'tool.progress';
  /** 0 to 1. */
  readonly fraction: number;
  readonly note: string | null;
}
export interface ToolCompleted extends ToolEventBase {
  readonly type: 'tool.completed';
  readonly durationMs: number;
}
export interface ToolFailed extends ToolEventBase {
  readonly type: 'tool.failed';
  readonly error: EventError;
}
/** The handler was not called. */
export interface ToolDenied extends ToolEventBase {
  readonly type: 'tool.denied';
  /** `mode`, `access`, `changed`, `guard`, `approval-denied`, `approval-expired` or `approval-missing`. */
  readonly reason: string;
  /** The approval request, if there was one. */
  readonly requestId: string | null;
  readonly message: string;
}
export interface ToolCancelled extends ToolEventBase {
  readonly type: 'tool.cancelled';
  readonly reason: string;
}
/** A call has run, but something about it could not be kept: its result for a later resume, or what undoes it. */
export interface ToolRecordFailed extends ToolEventBase {
  readonly type: 'tool.record_failed';
  /** `its result`, `its failure` or `what undoes it`. */
  readonly what: string;
  readonly message: string;
}
/** An interceptor tries the call again. */
export interface ToolRetryScheduled extends ToolEventBase {
  readonly type: 'tool.retry_scheduled';
  /** The attempt that just failed: 1 is the first. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly error: EventError;
}
export interface ToolRetryExhausted extends ToolEventBase {
  readonly type: 'tool.retry_exhausted';
  readonly attempt: number;
  readonly error: EventError;
}
/** What is reported of tool calls. */
export type ToolEvent =
  | ToolInvoked
  | ToolStarted
  | ToolProgress
  | ToolCompleted
  | ToolFailed
  | ToolDenied
  | ToolCancelled
  | ToolRecordFailed
  | ToolRetryScheduled
  | ToolRetryExhausted;
