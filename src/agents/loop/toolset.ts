import { StageflowError } from '../../errors/index.js';
import { readOwnMetadata } from '../../metadata/index.js';
import type { OfferedTool, StageContext, ToolClass, ToolValue } from '../../stage/index.js';
import { FunctionTool, type ParsedCall, parseAndResolve } from '../../tools/index.js';
import type { ModelCall, ModelTool } from '../model/index.js';

/** The tools that one agent may call: some of those of its pipeline. */
export class Toolset {
  readonly models: readonly ModelTool[];
  readonly #offered: ReadonlyMap<string, OfferedTool>;

  /** @throws TOOL_UNKNOWN if the pipeline lacks one of them */
  constructor(ctx: StageContext, tools: readonly (ToolClass | ToolValue)[]) {
    const names = tools.map(toolName);
    // A pipeline without tools has no list of them either.
    const known = names.length === 0 ? [] : ctx.tools.list();
    this.#offered = new Map(
      names.map((name) => [name, known.find((tool) => tool.name === name) ?? missing(ctx, name)]),
    );
    this.models = [...this.#offered.values()].map(({ name, description, inputSchema }) => ({
      name,
      description,
      inputSchema,
    }));
  }

  /** What is none of these is unresolved, whatever else the pipeline has. */
  resolve({ id, name, arguments: given }: ModelCall): ParsedCall {
    const call = { type: 'function_call', call_id: id, name, arguments: given };
    const [parsed] = parseAndResolve([call], [...this.#offered.keys()]);
    return parsed ?? { resolved: false, id, name, reason: 'The call cannot be read.', raw: call };
  }

  /** It changes nothing, so that it may run beside others, and before anybody has allowed anything. */
  isRead(name: string): boolean {
    return this.#offered.get(name)?.effect === 'read';
  }
}

/** What models call a tool by; its class name, or nothing, for what is no tool. */
export function toolName(tool: ToolClass | ToolValue): string {
  if (tool instanceof FunctionTool) return tool.definition.spec.name;
  if (typeof tool !== 'function') return '';
  return (readOwnMetadata('tool', tool) as { readonly name: string } | undefined)?.name ?? tool.name;
}

function missing(ctx: StageContext, name: string): never {
  throw new StageflowError({
    code: 'TOOL_UNKNOWN',
    message: `Agent "${ctx.stage.name}" lists the tool "${name}", which pipeline "${ctx.pipeline}" does not have.`,
    fix: 'Add it to the tools of the module, or to withTools(…).',
    details: { pipeline: ctx.pipeline, stage: ctx.stage.name, tool: name },
  });
}
