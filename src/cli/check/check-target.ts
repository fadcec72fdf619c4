import { type ApplicationCheck, checkApplication, type StageflowOptions } from '../../container/index.js';
import type { Problem } from '../../errors/index.js';
import { lintGraph, type StageGraph } from '../../graph/index.js';
import { readOwnMetadata } from '../../metadata/index.js';
import type { Pipeline, RunnablePipeline } from '../../pipeline/index.js';
import { ToolBelt } from '../../tools/index.js';
import { exportError } from '../cli-errors.js';
import { isDefinitionError, type LoadedModule } from '../loading/load-module.js';
import type { NamedPipeline } from '../loading/pick-pipeline.js';
import type { Target } from '../loading/target.js';
import { CheckWarning, type Finding, findingOf, lintFinding, type Unplaced } from './finding.js';
import { SourceIndex } from './source-index.js';
import { type CheckedTool, toolFindings, toolOfClass, toolOfDefinition } from './tool-findings.js';

/** What a check says of one pipeline. */
export interface PipelineSummary {
  readonly name: string;
  readonly stages: number;
  readonly tools: number;
}

export interface CheckReport {
  readonly file: string;
  /** Errors first. */
  readonly findings: readonly Finding[];
  /** The errors among them as they were found. */
  readonly problems: readonly Problem[];
  readonly pipelines: readonly PipelineSummary[];
  /** Of pipelines without errors. */
  readonly graphs: readonly PipelineGraph[];
}

export interface PipelineGraph extends NamedPipeline {
  readonly graph: StageGraph;
}

interface Checked extends Omit<CheckReport, 'file' | 'findings'> {
  readonly warnings: readonly Unplaced[];
  /** The classes behind names of stages, to find their place by. */
  readonly classes: ReadonlyMap<string, string>;
}

/** Everything that can be said of a definition without building what it is made of. */
export async function checkTarget(
  module: LoadedModule,
  target: Target,
  options: StageflowOptions,
): Promise<CheckReport> {
  const checked = await check(module, target, options);
  return placed(module.file, checked);
}

/** The same of a module that could not be loaded because a decorator refused one of its classes. */
export function checkFailedModule(file: string, { problems }: { readonly problems: readonly Problem[] }): CheckReport {
  return placed(file, { problems, warnings: [], pipelines: [], graphs: [], classes: new Map() });
}

async function check(module: LoadedModule, target: Target, options: StageflowOptions): Promise<Checked> {
  switch (target.kind) {
    case 'module': {
      return ofApplication(module, await checkApplication(target.value, options));
    }
    case 'pipeline':
      return ofBuilder(target.value, options);
    case 'runnable':
      return ofRunnable(target.value);
    case 'application':
      throw exportError(
        `Export ${target.name} of ${module.file} is an application, which was checked when it was made.`,
        'Export its root module as well, and name that with --export.',
        { file: module.file, export: target.name },
      );
  }
}

function ofApplication({ exports }: LoadedModule, { problems, pipelines, tools: offered }: ApplicationCheck): Checked {
  const listed = [...pipelines.flatMap((pipeline) => pipeline.tools), ...offered];
  const tools = new Map(listed.map((tool) => [tool, toolOfClass(tool)]));
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  const graphs = pipelines.flatMap(({ graph, name, isRoot }) => (graph === null ? [] : [{ graph, name, isRoot }]));
  return {
    problems,
    warnings: [
      ...unlistedStages(exports, new Set(stages.map(({ stageClass }) => stageClass))),
      ...warningsOf(graphs, [...tools.values()]),
    ],
    pipelines: pipelines.map((one) => ({ name: one.name, stages: one.stages.length, tools: one.tools.length })),
    graphs,
    classes: new Map(stages.flatMap(({ name, stageClass }) => (stageClass === null ? [] : [[name, stageClass.name]]))),
  };
}

function ofBuilder(pipeline: Pipeline<any>, options: StageflowOptions): Checked {
  try {
    return ofRunnable(pipeline.build(options));
  } catch (error) {
    if (!isDefinitionError(error)) throw error;
    const stages = pipeline.stageNames.length;
    const pipelines = [{ name: pipeline.name, stages, tools: 0 }];
    return { problems: error.problems, warnings: [], pipelines, graphs: [], classes: new Map() };
  }
}

function ofRunnable({ graph, '~pipeline': { bound } }: RunnablePipeline): Checked {
  const graphs = [{ graph, name: graph.name, isRoot: true }];
  const belt = bound.tools instanceof ToolBelt ? bound.tools : null;
  const tools = belt?.names.flatMap((name) => belt.named(name) ?? []).map(toolOfDefinition) ?? [];
  return {
    problems: [],
    warnings: warningsOf(graphs, tools),
    pipelines: [{ name: graph.name, stages: graph.size, tools: tools.length }],
    graphs,
    classes: new Map(),
  };
}

function warningsOf(graphs: readonly PipelineGraph[], tools: readonly CheckedTool[]): readonly Unplaced[] {
  return [...graphs.flatMap(({ graph }) => lintGraph(graph)).map(lintFinding), ...tools.flatMap(toolFindings)];
}

/** Stages that the module shows to others, and that none of its pipelines can reach. */
function unlistedStages(exports: LoadedModule['exports'], listed: ReadonlySet<unknown>): readonly Unplaced[] {
  const found = [...new Set(Object.values(exports))].filter(
    (value): value is Function =>
      typeof value === 'function' && readOwnMetadata('stage', value) !== undefined && !listed.has(value),
  );
  return found.map(({ name }) => ({
    code: CheckWarning.StageUnlisted,
    severity: 'warning',
    message: `Stage class ${name} is exported, and no pipeline lists it, so it never runs.`,
    fix: 'List it in the stages of a module, or remove it.',
    subjects: [name],
  }));
}

function placed(file: string, { problems, warnings, pipelines, graphs, classes }: Checked): CheckReport {
  const findings = [...problems.map(findingOf), ...warnings];
  const index = findings.length === 0 ? null : new SourceIndex(file);
  const all = once(findings).map((finding): Finding => {
    const names = finding.subjects.flatMap((name) => [classes.get(name) ?? [], name].flat());
    return { ...finding, place: index?.find(names) ?? null };
  });
  return { file, findings: all, problems, pipelines, graphs };
}

/** A stage that is odd in one pipeline is as odd in all that it is part of. Problems have been told apart before. */
function once(findings: readonly Unplaced[]): readonly Unplaced[] {
  const known = new Set<string>();
  return findings.filter(({ code, severity, subjects, message }) => {
    const key = JSON.stringify([code, severity === 'error' ? message : subjects]);
    return !known.has(key) && known.add(key);
  });
}
