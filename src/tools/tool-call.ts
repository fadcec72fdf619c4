import type { ToolDefinition } from './define-tool.js';
import type { ToolHost } from './tool-host.js';

/** One call, before anything is decided. */
export interface ToolCall {
  readonly tool: ToolDefinition;
  readonly callId: string;
  /** Unique in the run, and the same for every attempt of the stage. */
  readonly callKey: string;
  readonly host: ToolHost;
}
