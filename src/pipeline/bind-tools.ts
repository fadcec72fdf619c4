import { DefinitionError, type Problem } from '../errors/index.js';
import { accessRulesOf, readOwnMetadata } from '../metadata/index.js';
import type { ToolClass } from '../stage/index.js';
import {
  classTool,
  duplicateTools,
  FunctionTool,
  ToolBelt,
  type ToolDefinition,
  ToolExecutor,
  type ToolInstance,
  type ToolOptions,
  type ToolServices,
} from '../tools/index.js';

/** @returns null if there are none @throws DefinitionError with TOOL_INVALID or TOOL_DUPLICATE, all at once */
export function bindTools(
  pipeline: string,
  tools: readonly (FunctionTool | ToolClass)[],
  services: ToolServices = {},
): ToolBelt | null {
  if (tools.length === 0) return null;
  const problems: Problem[] = [];
  const definitions = tools.flatMap((tool) => definitionOf(tool, problems));
  const all = [...problems, ...duplicateTools(definitions)];
  if (all.length > 0) throw new DefinitionError(`pipeline "${pipeline}"`, all);
  return new ToolBelt(definitions, new ToolExecutor(services));
}

function definitionOf(tool: FunctionTool | ToolClass, problems: Problem[]): readonly ToolDefinition[] {
  if (tool instanceof FunctionTool) return [tool.definition];
  const isClass = typeof tool === 'function';
  const options = isClass ? readOwnMetadata('tool', tool) : undefined;
  if (isClass && options !== undefined && tool.length === 0) {
    return [boundTool(tool, new tool() as ToolInstance)];
  }
  const what =
    options === undefined ? 'is neither a tool nor a class with @Tool' : 'has a constructor that needs services';
  const name = isClass ? tool.name : String(tool);
  const fix = 'Give what defineTool made, or list the class in the tools of a @PipelineModule.';
  problems.push({ code: 'TOOL_INVALID', message: `Tool ${name} ${what}.`, fix, details: { tool: name } });
  return [];
}

/** A class with @Tool and its instance, wherever that was made. */
export function boundTool(toolClass: ToolClass, instance: ToolInstance): ToolDefinition {
  const options = readOwnMetadata('tool', toolClass) as ToolOptions; // written by @Tool alone, checked there
  return classTool(toolClass, instance, options, accessRulesOf(toolClass));
}
