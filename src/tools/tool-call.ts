import type { ToolDefinition } from './define-tool.js';
import type { ToolHost } from './tool-host.js';

/** One call, on its way. */
export interface ToolCall {
  readonly tool: ToolDefinition;
  readonly callId: string;
  /** Unique in the run, and the same for every attempt of the stage. */
  readonly callKey: string;
  /** Whether `callId` came with the call, as from a model, which may give one twice. */
  readonly named: boolean;
  readonly host: ToolHost;
  /** As it was given; from when it is approved, as the handler gets it. */
  input: unknown;
  /** An approver has changed the input. */
  edited: boolean;
  /** Whether the handler has been called. */
  entered: boolean;
  /** Whether it may have taken effect, however the call ends. Known only where calls are remembered. */
  acted: boolean;
}

/** Before anything is written that others have worded and that may tell what is secret in the input. */
export function hideInput({ host, tool, input }: ToolCall): void {
  host.hide(input, tool.input.model);
}

/** The input as events may show it. */
export function shownInput(call: ToolCall): unknown {
  hideInput(call);
  return call.host.shown(call.input, call.tool.input.model);
}
