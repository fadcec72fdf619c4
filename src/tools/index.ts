export { classTool, type ToolInstance } from './class-tool.js';
export {
  defineTool,
  FunctionTool,
  type FunctionToolOptions,
  inputJsonSchema,
  type ToolDefinition,
  type ToolOptions,
  toolDefinition,
} from './define-tool.js';
export { inputDigest, toolFingerprint } from './fingerprint.js';
export { type ParsedCall, parseAndResolve, type ResolvedCall, type UnresolvedCall } from './parse-calls.js';
export type {
  ApprovalGate,
  ApprovalOutcome,
  GatedCall,
  OpenedCall,
  RecordedCall,
  ToolCallIdentity,
  ToolCallLog,
  ToolServices,
  UndoableTool,
  UndoCaller,
  UndoHandler,
  UndoLog,
  UndoRecord,
} from './ports.js';
export { duplicateTools, ToolBelt } from './tool-belt.js';
export type { ToolCall } from './tool-call.js';
export { ToolCancelledError, ToolDeniedError, ToolError, ToolFailedError, type ToolRefusal } from './tool-errors.js';
export { ToolExecutor } from './tool-executor.js';
export type { ToolHost, ToolPort } from './tool-host.js';
export { callTool, isSameCall, ToolLayerContext } from './tool-layer-context.js';
export { toolProblems } from './tool-problems.js';
export type { ApprovalReport, ToolReport } from './tool-report.js';
export { untilAborted } from './until-aborted.js';
