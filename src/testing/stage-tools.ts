import type { AccessRule } from '../auth/index.js';
import { accessRulesOf } from '../metadata/index.js';
import { boundTool, layeredTool } from '../pipeline/index.js';
import type { AnyInterceptor, InterceptorLike, ToolClass } from '../stage/index.js';
import { FunctionTool, ToolBelt, ToolExecutor, type ToolInstance, type ToolServices } from '../tools/index.js';

/** Makes instances of the classes that tools come with. */
interface StageToolParts {
  readonly build: (tool: ToolClass) => object;
  readonly instanceOf: (like: InterceptorLike) => AnyInterceptor;
  readonly rulesOf: (rules: readonly AccessRule[]) => readonly AccessRule[];
}

/** The tools of a stage that is tested alone, or null. Null as a stand-in builds the tool itself. */
export function stageTools(
  tools: ReadonlyMap<ToolClass | FunctionTool, object | null>,
  { build, instanceOf, rulesOf }: StageToolParts,
  services?: ToolServices,
): ToolBelt | null {
  if (tools.size === 0) return null;
  const definitions = [...tools].map(([tool, standIn]) => {
    const definition =
      tool instanceof FunctionTool
        ? { ...tool.definition, access: rulesOf(tool.definition.access) }
        : boundTool(tool, (standIn ?? build(tool)) as ToolInstance, rulesOf(accessRulesOf(tool)));
    return layeredTool(definition, [], definition.interceptors.map(instanceOf));
  });
  return new ToolBelt(definitions, new ToolExecutor(services));
}
