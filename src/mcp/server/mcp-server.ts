import type { ModuleTools, Stageflow } from '../../container/index.js';
import { StageflowError } from '../../errors/index.js';
import type { ModuleLike } from '../../metadata/index.js';
import { RunnablePipeline } from '../../pipeline/index.js';
import type { BoundPipeline } from '../../run/index.js';
import { McpExposure } from './mcp-exposure.js';
import type { McpServerOptions } from './mcp-server-options.js';
import type { OfferedEntry } from './offered-entry.js';
import { pipelineEntry } from './pipeline-entries.js';
import { toolEntries } from './tool-entries.js';

/**
 * Offers tools and pipelines of an application to MCP clients. Calls go the same way as those of its own stages: execution
 * mode, access rules, input, approval, limits, events.
 * @param app an application, or a pipeline that `build` gave
 * @throws MCP_SERVER_INVALID if something that is to be offered is not there, has the name of another, or cannot be described
 * @throws REGISTRY_UNKNOWN for a module that the application does not have
 */
export function mcpServer(app: Stageflow | RunnablePipeline, options: McpServerOptions): McpExposure {
  const { module, tools = module === undefined ? [] : 'all', pipelines = [] } = options;
  const offered = [
    ...(tools === 'all' || tools.length > 0 ? toolEntries(toolsOf(app, module), tools) : []),
    ...pipelines.map((pipeline) => pipelineEntry(boundOf(app, pipeline.pipeline), pipeline)),
  ];
  const entries = new Map<string, OfferedEntry>();
  for (const entry of offered) {
    const { name } = entry.listed;
    if (entries.has(name)) throw twins(name);
    entries.set(name, entry);
  }
  if (entries.size === 0) throw nothing();
  return new McpExposure(app['~runs'], entries, options);
}

function toolsOf(app: Stageflow | RunnablePipeline, module: ModuleLike | undefined): ModuleTools {
  if (app instanceof RunnablePipeline) return { name: app.name, tools: app['~pipeline'].bound.tools ?? null };
  if (module === undefined) throw noModule();
  return app['~tools'](module);
}

function boundOf(app: Stageflow | RunnablePipeline, wanted: ModuleLike | RunnablePipeline): BoundPipeline {
  if (wanted instanceof RunnablePipeline) return app['~runs'].find(wanted.name);
  return app instanceof RunnablePipeline ? app['~pipeline'].bound : app.pipeline(wanted);
}

function twins(name: string): StageflowError {
  return new StageflowError({
    code: 'MCP_SERVER_INVALID',
    message: `Two things are to be offered as "${name}".`,
    fix: 'Give the pipeline another name, or leave the tool out.',
    details: { name },
  });
}

function nothing(): StageflowError {
  return new StageflowError({
    code: 'MCP_SERVER_INVALID',
    message: 'An MCP server is to offer nothing.',
    fix: 'Give a module with tools, or pipelines.',
    details: {},
  });
}

function noModule(): StageflowError {
  return new StageflowError({
    code: 'MCP_SERVER_INVALID',
    message: 'Tools of an application are to be offered, but not of which module.',
    fix: 'Give the module whose tools they are.',
    details: {},
  });
}
