import { StageflowError } from '../errors/index.js';
import { ClosestName } from '../graph/index.js';
import type { ModuleLike } from '../metadata/index.js';
import type { BoundPipeline } from '../run/index.js';
import type { ToolPort } from '../tools/index.js';
import type { Application } from './application.js';
import { isDynamic } from './module-graph.js';

/** The pipeline of a module, given by its class or its dynamic module object. @throws REGISTRY_UNKNOWN */
export function findPipeline({ pipelines }: Pick<Application, 'pipelines'>, wanted: ModuleLike): BoundPipeline {
  const ofClass: BoundPipeline[] = [];
  for (const [module, pipeline] of pipelines) {
    if (module.key === wanted) return pipeline;
    if (module.moduleClass === wanted) ofClass.push(pipeline);
  }
  const [only, second] = ofClass;
  if (only !== undefined && second === undefined) return only;
  const name = isDynamic(wanted) ? wanted.module.name : wanted.name;
  const known = [...pipelines.keys()].map((module) => module.name);
  const suggestion = new ClosestName(new Map(known.map((other) => [other, other]))).of(name);
  throw new StageflowError({
    code: 'REGISTRY_UNKNOWN',
    message:
      second === undefined
        ? `${name} is not a pipeline of this application, which has ${known.join(', ') || 'none'}.`
        : `${name} stands for ${ofClass.length} dynamic modules of this application.`,
    fix: second === undefined ? unknownFix(name, suggestion) : 'Pass the dynamic module object that you imported.',
    details: { module: name, known, ...(suggestion === undefined ? {} : { suggestion }) },
  });
}

/** The tools of a module: what its stages may call, or of one without stages what those may that import it. */
export interface ModuleTools {
  readonly name: string;
  /** Null if it has none. */
  readonly tools: ToolPort | null;
}

/** @throws REGISTRY_UNKNOWN for what is neither a pipeline nor a module with tools */
export function findTools(application: Pick<Application, 'pipelines' | 'toolSets'>, wanted: ModuleLike): ModuleTools {
  const sets = [...application.toolSets];
  const ofClass = sets.filter(([{ moduleClass }]) => moduleClass === wanted);
  const found = sets.find(([{ key }]) => key === wanted) ?? (ofClass.length === 1 ? ofClass[0] : undefined);
  if (found !== undefined) return { name: found[0].definition.name, tools: found[1] };
  const { graph, tools = null } = findPipeline(application, wanted);
  return { name: graph.name, tools };
}

function unknownFix(name: string, suggestion: string | undefined): string {
  const where = 'in the root module or in one that it imports, and give it stages.';
  if (suggestion === undefined) return `Import ${name} ${where}`;
  return `Did you mean ${suggestion}? If not, import ${name} ${where}`;
}
