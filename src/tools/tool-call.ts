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
  /** Whether the handler has been called. */
  entered: boolean;
  /** Whether it may have taken effect, however the call ends. Known only where calls are remembered. */
  acted: boolean;
}
