import { boundTool, layeredTool } from '../pipeline/index.js';
import type { AnyInterceptor, InterceptorLike, ToolClass } from '../stage/index.js';
import { FunctionTool, ToolBelt, ToolExecutor, type ToolInstance, type ToolServices } from '../tools/index.js';

/** The tools of a stage that is tested alone, or null. Null as a stand-in builds the tool itself. */
export function stageTools(
  tools: ReadonlyMap<ToolClass | FunctionTool, object | null>,
  build: (tool: ToolClass) => object,
  instanceOf: (like: InterceptorLike) => AnyInterceptor,
  services?: ToolServices,
): ToolBelt | null {
  if (tools.size === 0) return null;
  const definitions = [...tools].map(([tool, standIn]) => {
    const definition =
      tool instanceof FunctionTool ? tool.definition : boundTool(tool, (standIn ?? build(tool)) as ToolInstance);
    return layeredTool(definition, [], definition.interceptors.map(instanceOf));
  });
  return new ToolBelt(definitions, new ToolExecutor(services));
}
