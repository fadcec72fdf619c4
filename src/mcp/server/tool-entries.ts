/*
 * Calls of tools are runs of a pipeline with one stage, which calls the tool the way every stage does: what holds for the
 * callers of the application, its events, limits and journal holds for clients, too.
 */
import type { ModuleTools } from '../../container/index.js';
import { StageflowError } from '../../errors/index.js';
import { StageGraph } from '../../graph/index.js';
import type { BoundPipeline, RunResults } from '../../run/index.js';
import { type StageContext, type StageInstance, StageKind, type ToolClass, type ToolValue } from '../../stage/index.js';
import { inputJsonSchema, ToolBelt, type ToolDefinition } from '../../tools/index.js';
import { listedTool } from './listed-tool.js';
import type { OfferedEntry } from './offered-entry.js';

const STAGE = 'call';

interface CallInput {
  readonly id: string;
  readonly name: string;
  readonly arguments: unknown;
}

const callTool: StageInstance = {
  async execute(ctx: StageContext) {
    const outcome = await ctx.tools.invoke(ctx.snapshot.input as CallInput);
    if (outcome.status === 'completed') return { output: outcome.output };
    throw outcome.error;
  },
};

/**
 * The tools of a module, each as something that clients may call.
 * @throws MCP_SERVER_INVALID if one that was asked for is not there
 */
export function toolEntries(
  { name, tools: port }: ModuleTools,
  wanted: 'all' | readonly (ToolClass | ToolValue | string)[],
): readonly OfferedEntry[] {
  const belt = port instanceof ToolBelt ? port : null;
  if (belt === null) throw withoutTools(name);
  const tools = wanted === 'all' ? belt.tools : wanted.map((tool) => found(belt, tool, name));
  const calling: BoundPipeline = {
    graph: StageGraph.create({
      name: `mcp:${name}`,
      // What must not happen twice is the tool's affair, which remembers its calls.
      stages: [{ name: STAGE, kind: StageKind.Work, idempotent: true }],
    }),
    stages: [{ instance: callTool, stageClass: null, condition: null, interceptors: [], contracts: null }],
    tools: belt,
    openRun: null,
  };
  return tools.map((tool) => entryOf(tool, calling));
}

function entryOf(tool: ToolDefinition, bound: BoundPipeline): OfferedEntry {
  const { name, description, effect } = tool.spec;
  const listed = listedTool({ name, description, effect, input: inputJsonSchema(tool), output: tool.output });
  return {
    listed,
    bound,
    ofTool: true,
    input: (given, callId) => ({ input: { id: callId, name, arguments: given } satisfies CallInput }),
    answer: (results: RunResults) => (results.of(STAGE) as { readonly output?: unknown }).output,
  };
}

function found(belt: ToolBelt, wanted: ToolClass | ToolValue | string, module: string): ToolDefinition {
  const tool = typeof wanted === 'string' ? belt.named(wanted) : belt.madeOf(wanted);
  if (tool !== undefined) return tool;
  const name = typeof wanted === 'string' ? `"${wanted}"` : typeof wanted === 'function' ? wanted.name : 'one of them';
  throw new StageflowError({
    code: 'MCP_SERVER_INVALID',
    message: `Tool ${name} is to be offered, but "${module}" has ${belt.names.join(', ')}.`,
    fix: 'Name tools of that module, or of those that it imports.',
    details: { module, tools: belt.names },
  });
}

function withoutTools(module: string): StageflowError {
  return new StageflowError({
    code: 'MCP_SERVER_INVALID',
    message: `The tools of "${module}" are to be offered, and it has none.`,
    fix: 'List them in its tools, or in those of a module that it imports; or offer the pipeline itself.',
    details: { module },
  });
}
