import { DefinitionError, type Problem } from '../errors/index.js';
import { type FailurePolicy, StageGraph } from '../graph/index.js';
import type { BoundContracts } from '../run/index.js';
import { planContracts } from './plan-contracts.js';
import type { StageDeclaration } from './stage-declaration.js';
import { StageLookup } from './stage-lookup.js';

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
  const { contracts, problems } = planContracts(name, declarations, (target, from) => lookup.nameOf(target, from));
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
