import type { AccessRule } from '../auth/index.js';
import type { Problem } from '../errors/index.js';
import { type Core, compose, interceptorName, orderToolInterceptors } from '../interceptors/index.js';
import { accessRulesOf, readMetadata, readOwnMetadata } from '../metadata/index.js';
import {
  type AnyInterceptor,
  type InterceptorLike,
  messageOf,
  type StageContext,
  type StageOutput,
  type ToolClass,
} from '../stage/index.js';
import {
  callTool,
  classTool,
  duplicateTools,
  FunctionTool,
  isSameCall,
  ToolBelt,
  type ToolDefinition,
  ToolExecutor,
  type ToolInstance,
  type ToolLayerContext,
  type ToolOptions,
  type ToolServices,
} from '../tools/index.js';

/** The tools of a builder pipeline, and what is around them. */
export interface BuilderTools {
  readonly tools: readonly (FunctionTool | ToolClass)[];
  readonly services: ToolServices;
  /** Those of the pipeline; they say themselves whether they want tools. */
  readonly interceptors: readonly InterceptorLike[];
}

/** Makes instances of the classes that tools come with. */
export interface ToolParts {
  interceptor(like: InterceptorLike): AnyInterceptor;
  /** What is wrong with the rules is reported. */
  access(subject: string, rules: readonly AccessRule[]): readonly AccessRule[];
}

/** What is wrong is added to `problems`. @returns null if there are none */
export function bindTools(
  pipeline: string,
  { tools, services, interceptors }: BuilderTools,
  parts: ToolParts,
  problems: Problem[],
): ToolBelt | null {
  if (tools.length === 0) return null;
  const wrong = problems.length;
  const definitions = tools
    .flatMap((tool) => definitionOf(tool, problems))
    .map((tool) => withPolicies(tool, pipeline, parts));
  problems.push(...duplicateTools(definitions).map((problem) => inPipeline(problem, pipeline)));
  if (problems.length > wrong) return null;
  const instanceOf = (like: InterceptorLike) => parts.interceptor(like);
  const around = interceptors.map(instanceOf);
  const layered = definitions.map((tool) => layeredTool(tool, around, tool.interceptors.map(instanceOf)));
  return new ToolBelt(layered, new ToolExecutor(services));
}

function withPolicies(tool: ToolDefinition, pipeline: string, parts: ToolParts): ToolDefinition {
  if (tool.access.length === 0) return tool;
  const access = parts.access(`tool "${tool.spec.name}" of pipeline "${pipeline}"`, tool.access);
  return Object.freeze({ ...tool, access });
}

function inPipeline(problem: Problem, pipeline: string): Problem {
  return { ...problem, details: { ...problem.details, pipeline } };
}

function definitionOf(tool: FunctionTool | ToolClass, problems: Problem[]): readonly ToolDefinition[] {
  if (tool instanceof FunctionTool) return [tool.definition];
  const isClass = typeof tool === 'function';
  const options = isClass ? readOwnMetadata('tool', tool) : undefined;
  if (isClass && options !== undefined && tool.length === 0) {
    return [boundTool(tool, new tool() as ToolInstance, accessRulesOf(tool))];
  }
  const what =
    options === undefined ? 'is neither a tool nor a class with @Tool' : 'has a constructor that needs services';
  const name = isClass ? tool.name : String(tool);
  const fix = 'Give what defineTool made, or list the class in the tools of a @PipelineModule.';
  problems.push({ code: 'TOOL_INVALID', message: `Tool ${name} ${what}.`, fix, details: { tool: name } });
  return [];
}

/** A class with @Tool and its instance, wherever that was made. @param access all rules that hold for it */
export function boundTool(toolClass: ToolClass, instance: ToolInstance, access: readonly AccessRule[]): ToolDefinition {
  const options = readOwnMetadata('tool', toolClass) as ToolOptions; // written by @Tool alone, checked there
  const own = readMetadata('intercept', toolClass)?.interceptors ?? [];
  return classTool(toolClass, instance, options, access, own);
}

/** A tool with what is around its calls, put together once. @param around those of pipeline and application */
export function layeredTool(
  tool: ToolDefinition,
  around: readonly AnyInterceptor[],
  own: readonly AnyInterceptor[],
): ToolDefinition {
  const layers = orderToolInterceptors(around, own, tool.spec);
  if (layers.length === 0) return tool;
  const core: Core = { body: callTool, belongs: isSameCall, contained: observerFailed, sealed: refuse };
  return Object.freeze({ ...tool, onion: compose(layers, core, { what: 'tool', name: tool.spec.name }) });
}

function observerFailed(ctx: StageContext, interceptor: AnyInterceptor, error: unknown): void {
  const name = interceptorName(interceptor);
  ctx.logger.warn(`Interceptor "${name}" failed; it only observes, so the call goes on.`, { error: messageOf(error) });
}

function refuse(ctx: StageContext, refusal: StageOutput): void {
  (ctx as ToolLayerContext).call.refusal ??= refusal;
}
