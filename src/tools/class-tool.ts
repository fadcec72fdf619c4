import type { AccessRule } from '../auth/index.js';
import type { InterceptorLike, ToolClass, ToolContext } from '../stage/index.js';
import { type ToolDefinition, type ToolOptions, toolDefinition } from './define-tool.js';
import type { UndoHandler } from './ports.js';

/** An instance of a tool class. */
export interface ToolInstance {
  execute(input: any, ctx: ToolContext): unknown; // checked by its contract before it is called
  undo?: UndoHandler;
  /** For tools that are elsewhere: why it cannot be called at the moment, whoever calls; null if it can. */
  '~refuses'?: ToolDefinition['refuses'];
}

/** What a tool class and an instance of it come to. @throws DefinitionError with TOOL_INVALID */
export function classTool(
  toolClass: ToolClass,
  instance: ToolInstance,
  options: ToolOptions,
  access: readonly AccessRule[],
  interceptors: readonly InterceptorLike[],
): ToolDefinition {
  const execute = (input: unknown, ctx: ToolContext) => instance.execute(input, ctx);
  const undo: UndoHandler | null =
    typeof instance.undo === 'function' ? (record, ctx) => instance.undo?.(record, ctx) : null;
  const refuses = typeof instance['~refuses'] === 'function' ? { refuses: () => instance['~refuses']?.() ?? null } : {};
  return toolDefinition(options, { key: toolClass, execute, undo, access, interceptors, ...refuses });
}
