import type { Problem } from '../errors/index.js';
import type { StageGraph } from '../graph/index.js';
import type { ModuleLike } from '../metadata/index.js';
import { PipelineRegistry } from '../pipeline/index.js';
import { Engine } from '../run/index.js';
import type { StageClass, ToolClass } from '../stage/index.js';
import { surveyApplication } from './application-plan.js';
import type { PlannedPipeline } from './pipeline-plan.js';
import { planOptions } from './plan-options.js';
import type { StageflowOptions } from './stageflow-options.js';
import { TsyringeContainer } from './tsyringe-container.js';

/** A pipeline of an application that may be unsound. */
export interface CheckedPipeline {
  readonly name: string;
  /** The module that has its stages is the root, and not one that the root imports. */
  readonly isRoot: boolean;
  /** Null if something is wrong with it. */
  readonly graph: StageGraph | null;
  readonly stages: readonly { readonly name: string; readonly stageClass: StageClass | null }[];
  readonly tools: readonly ToolClass[];
}

/** What `Stageflow.create` would refuse, and what could be read all the same. */
export interface ApplicationCheck {
  readonly problems: readonly Problem[];
  readonly pipelines: readonly CheckedPipeline[];
  /** Of modules without stages, which offer them to others. */
  readonly tools: readonly ToolClass[];
}

/**
 * Looks at an application without building anything of it: no constructor, factory or verifier is called. For checks before a
 * deployment; `Stageflow.create` does the same before it builds.
 */
export async function checkApplication(rootModule: ModuleLike, options: StageflowOptions): Promise<ApplicationCheck> {
  const tsyringe = await TsyringeContainer.open(options.parent);
  const { callersKnown } = new Engine(options);
  const parts = { tsyringe, callersKnown, registry: new PipelineRegistry() };
  const { problems, pipelines, toolSets } = surveyApplication(rootModule, planOptions(options, parts));
  return {
    problems,
    pipelines: pipelines.map((pipeline) => checked(pipeline, rootModule)),
    tools: toolSets.flatMap(({ tools }) => tools.map(({ toolClass }) => toolClass)),
  };
}

function checked({ name, module, graph, stages, tools }: PlannedPipeline, root: ModuleLike): CheckedPipeline {
  return {
    name,
    isRoot: module.key === root,
    graph,
    stages: stages.map(({ declaration }) => ({ name: declaration.name, stageClass: declaration.stageClass })),
    tools: tools.map(({ toolClass }) => toolClass),
  };
}
