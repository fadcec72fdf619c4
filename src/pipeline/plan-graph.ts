import { DefinitionError, type Problem } from '../errors/index.js';
import {
  type DependencyInit,
  type FailurePolicy,
  type RetryFromInit,
  StageGraph,
  type StageNodeInit,
} from '../graph/index.js';
import type { BoundContracts } from '../run/index.js';
import type { StageClass } from '../stage/index.js';
import { planContracts } from './plan-contracts.js';
import type { DeclaredDependency, StageDeclaration } from './stage-declaration.js';

export interface GraphPlanOptions {
  /** Null for no limit. */
  readonly maxConcurrency: number | null;
  /** Null for the default, `fail-fast`. */
  readonly failurePolicy: FailurePolicy | null;
}

export interface PlannedGraph {
  /** Null if there are problems. */
  readonly graph: StageGraph | null;
  /** By index of the graph. */
  readonly contracts: readonly (BoundContracts | null)[];
  readonly problems: readonly Problem[];
}

/**
 * Turns declarations into a graph: the one way from both front doors. Dependencies on classes become dependencies on the
 * stages of that class.
 */
export function planGraph(
  name: string,
  declarations: readonly StageDeclaration[],
  options: GraphPlanOptions,
): PlannedGraph {
  const lookup = new StageLookup(name, declarations);
  const stages = declarations.map((declaration) => lookup.node(declaration));
  const { contracts, problems } = planContracts(name, declarations, (target) => lookup.nameOf(target));
  lookup.problems.push(...problems);
  const { maxConcurrency, failurePolicy } = options;
  try {
    const graph = StageGraph.create({
      name,
      stages,
      maxConcurrency,
      ...(failurePolicy === null ? {} : { failurePolicy }),
    });
    return { graph: lookup.problems.length === 0 ? graph : null, contracts, problems: lookup.problems };
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    return { graph: null, contracts, problems: [...lookup.problems, ...error.problems] };
  }
}

/** Finds the stages of a pipeline by class. */
class StageLookup {
  readonly problems: Problem[] = [];
  readonly #pipeline: string;
  readonly #byClass = new Map<StageClass, StageDeclaration[]>();
  readonly #names: ReadonlySet<string>;

  constructor(pipeline: string, declarations: readonly StageDeclaration[]) {
    this.#pipeline = pipeline;
    this.#names = new Set(declarations.map(({ name }) => name));
    for (const declaration of declarations) {
      if (declaration.stageClass === null) continue;
      const same = this.#byClass.get(declaration.stageClass);
      if (same === undefined) this.#byClass.set(declaration.stageClass, [declaration]);
      else same.push(declaration);
    }
  }

  node(declaration: StageDeclaration): StageNodeInit {
    const { name, kind, timeoutMs, priority, condition } = declaration;
    const on = condition?.on ?? null;
    const { dependencies } = declaration;
    // What is no list, or no class and no name, goes on as it is: the graph reports it with everything else.
    const dependsOn = Array.isArray(dependencies)
      ? dependencies.flatMap((dependency: DeclaredDependency) => this.#dependency(name, dependency))
      : (dependencies as unknown as DependencyInit[]);
    const [router] = on === null ? [] : this.#dependency(name, { target: on, optional: false });
    const retryFrom = this.#retryFrom(declaration);
    const quorums = declaration.quorums.map(({ atLeast, of }) => ({
      atLeast,
      of: of.flatMap((target) => this.#dependency(name, { target, optional: true })).map(({ stage }) => stage),
    }));
    const rare = {
      retryFrom,
      ...(quorums.length === 0 ? {} : { quorums }),
      ...(declaration.compensates ? { compensates: true } : {}),
    };
    return { name, kind, timeoutMs, priority, dependsOn, condition: router?.stage ?? null, ...rare };
  }

  #retryFrom({ name, retryFrom }: StageDeclaration): RetryFromInit | null {
    if (retryFrom === null) return null;
    const { target, ...options } = retryFrom;
    const [found] = this.#dependency(name, { target, optional: false });
    return found === undefined ? null : { stage: found.stage, ...options };
  }

  /** The one stage that a dependency means; null where that is not clear, which `node` reports. */
  nameOf(target: StageClass | string): string | null {
    if (typeof target !== 'function') return this.#names.has(target) ? target : null;
    const stages = this.#byClass.get(target) ?? [];
    return stages.length === 1 ? (stages[0] as StageDeclaration).name : null;
  }

  #dependency(
    dependent: string,
    { target, optional }: Pick<DeclaredDependency, 'target' | 'optional'>,
  ): DependencyInit[] {
    if (typeof target !== 'function') return [{ stage: target, optional }];
    const stages = this.#byClass.get(target) ?? [];
    const [first, second] = stages;
    if (second !== undefined) {
      this.problems.push(ambiguous(this.#pipeline, dependent, target, stages));
      return [];
    }
    if (first !== undefined) return [{ stage: first.name, optional }];
    if (!this.#names.has(target.name)) return [{ stage: target.name, optional }]; // the graph reports it as missing
    this.problems.push(namesake(this.#pipeline, dependent, target));
    return [];
  }
}

function ambiguous(
  pipeline: string,
  dependent: string,
  target: StageClass,
  stages: readonly StageDeclaration[],
): Problem {
  const names = stages.map(({ name }) => name);
  return {
    code: 'GRAPH_AMBIGUOUS_DEPENDENCY',
    message: `Stage "${dependent}" depends on class ${target.name}, which pipeline "${pipeline}" holds as ${names.map((n) => `"${n}"`).join(' and ')}.`,
    fix: 'Depend on one of them by name.',
    details: { pipeline, stage: dependent, class: target.name, stages: names },
  };
}

function namesake(pipeline: string, dependent: string, target: StageClass): Problem {
  return {
    code: 'GRAPH_MISSING_DEPENDENCY',
    message: `Stage "${dependent}" depends on class ${target.name}, which is not in pipeline "${pipeline}"; the stage of that name there is something else.`,
    fix: `Two classes are called ${target.name}: import the one the pipeline lists.`,
    details: { pipeline, stage: dependent, dependency: target.name },
  };
}
