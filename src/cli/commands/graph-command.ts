import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { StageflowOptions } from '../../container/index.js';
import { DefinitionError } from '../../errors/index.js';
import { renderDot, renderMermaid, renderText, type StageGraph } from '../../graph/index.js';
import { checkTarget, type PipelineGraph } from '../check/check-target.js';
import { usageError } from '../cli-errors.js';
import { ExitCode } from '../exit-code.js';
import { renderSvg } from '../graph/render-svg.js';
import type { LoadedModule } from '../loading/load-module.js';
import { pickPipeline } from '../loading/pick-pipeline.js';
import { pipelinesOf } from '../loading/pipelines-of.js';
import { pickTarget } from '../loading/target.js';
import { type CommandHost, type ModuleOptions, withModuleOptions } from './command-host.js';

interface GraphOptions extends ModuleOptions {
  readonly format: string;
  readonly pipeline?: string;
  readonly output?: string;
}

const RENDERERS: Readonly<Record<string, (graph: StageGraph) => string>> = {
  text: renderText,
  mermaid: renderMermaid,
  dot: renderDot,
  svg: renderSvg,
};
const FORMATS = Object.keys(RENDERERS).join(', ');

export function addGraph(program: Command, host: CommandHost): void {
  withModuleOptions(program.command('graph').argument('<module>', 'a TypeScript or JavaScript file, or file#Export'))
    .description('Draws a pipeline. With --json: its plan, as data.')
    .option('--format <format>', FORMATS, 'text')
    .option(
      '--pipeline <name>',
      'which pipeline of an application; default: that of the module itself, or the only one',
    )
    .option('-o, --output <file>', 'write to a file instead of stdout')
    .action(host.action((module: string, options: GraphOptions) => draw(host, module, options)));
}

async function draw(host: CommandHost, given: string, options: GraphOptions): Promise<ExitCode> {
  const render = Object.hasOwn(RENDERERS, options.format) ? RENDERERS[options.format] : undefined;
  if (render === undefined) throw usageError(`There is no format ${options.format}.`, `Use ${FORMATS}.`);
  const module = await host.load(given);
  const graph = await host.withConfig(options, async (config) => {
    const graphs = await graphsOf(module, options, (await config.app()) ?? {});
    return pickPipeline(graphs, options.pipeline).graph;
  });
  const text = options.json ? `${JSON.stringify(graph, null, 2)}\n` : render(graph);
  if (options.output === undefined) host.text(text);
  else writeFileSync(resolve(host.io.cwd, options.output), text);
  return ExitCode.Ok;
}

/** @throws DefinitionError of a definition that cannot be drawn */
async function graphsOf(
  module: LoadedModule,
  options: GraphOptions,
  app: StageflowOptions,
): Promise<readonly PipelineGraph[]> {
  const target = pickTarget(module, options.export ?? null);
  if (target.kind === 'application') return pipelinesOf(target.value);
  // Nothing runs: a pipeline can be drawn before anybody has said who may call it.
  const drawn = app.verifier === undefined ? { ...app, trustedCallers: true } : app;
  const { graphs, problems } = await checkTarget(module, target, drawn);
  if (problems.length > 0) throw new DefinitionError(module.file, problems);
  return graphs;
}
