import { type ErrorCode, StageflowError, type StageflowErrorInit } from '../errors/index.js';

/** A tool call that has no output. */
export class ToolError extends StageflowError {
  readonly tool: string;
  readonly callId: string;
  /** Whether the stage may be run again because of it. */
  readonly retryable: boolean;

  constructor(
    init: StageflowErrorInit & { readonly tool: string; readonly callId: string; readonly retryable?: boolean },
  ) {
    const { tool, callId, retryable = false, ...rest } = init;
    super({ ...rest, details: { tool, callId, ...init.details } });
    this.tool = tool;
    this.callId = callId;
    this.retryable = retryable;
  }
}

/** The call was refused; the handler was not called. */
export class ToolDeniedError extends ToolError {
  readonly reason: string;
  /** The approval request that was decided, if one was made. */
  readonly requestId: string | null;

  constructor(tool: string, callId: string, refusal: ToolRefusal) {
    const { reason, message, fix, requestId = null, cause } = refusal;
    const details = { reason, requestId };
    super({
      code: 'TOOL_DENIED',
      message: `Tool "${tool}" was denied: ${message}.`,
      fix,
      details,
      cause,
      tool,
      callId,
    });
    this.reason = reason;
    this.requestId = requestId;
  }
}

export interface ToolRefusal {
  readonly reason: string;
  /** Continues `Tool "x" was denied: `, without a full stop. */
  readonly message: string;
  readonly fix: string;
  readonly requestId?: string;
  readonly cause?: unknown;
}

/** The call failed: its input or output is wrong, its handler threw, or it passed its limit. */
export class ToolFailedError extends ToolError {}

/** The run was cancelled while the call waited or ran. */
export class ToolCancelledError extends ToolError {
  constructor(tool: string, callId: string, cause: unknown) {
    const message = `Tool "${tool}" was cancelled with its run.`;
    super({ code: 'TOOL_CANCELLED', message, cause, tool, callId });
  }
}

/** A call by name that leads to no tool, or whose arguments cannot be read. */
export function unresolvedError(call: { id: string; name: string }, code: ErrorCode, message: string): ToolError {
  const fix = 'Nothing was called. Tell the model, which may try again.';
  return new ToolError({ code, message, fix, tool: call.name, callId: call.id });
}
