import type { Problem } from '../errors/index.js';
import { checkRetryLoops } from './check-retry-loops.js';
import { findCycles } from './find-cycles.js';
import type { GraphInit } from './graph-init.js';
import { quote, quoteIfNeeded } from './quote.js';
import { type GraphDraft, readInit } from './read-init.js';
import { type ResolvedDependencies, resolveDependencies } from './resolve-dependencies.js';
import { type Adjacency, adjacencyOf, topologicalOrder } from './topology.js';

/** What is known of an init after every check. Only without problems can it become a graph. */
export interface GraphAnalysis extends ResolvedDependencies {
  readonly draft: GraphDraft;
  readonly adjacency: Adjacency;
  readonly order: Int32Array;
  readonly problems: readonly Problem[];
}

/** A longer path is shortened in the message; `details.path` always holds all of it. */
const LONGEST_PRINTED_PATH = 200;

export function analyseGraph(init: unknown): GraphAnalysis {
  const draft = readInit(init);
  const resolved = resolveDependencies(draft);
  const adjacency = adjacencyOf(resolved.dependencies);
  const order = topologicalOrder(adjacency);
  if (order.length < draft.stages.length) {
    for (const cycle of findCycles(resolved.dependencies)) reportCycle(draft, cycle);
  } else checkRetryLoops(draft, resolved);
  return { ...resolved, draft, adjacency, order, problems: Object.freeze(draft.found.problems) };
}

/**
 * Everything wrong with a definition, at once: use it to check one without making a graph. Empty if nothing is.
 * `StageGraph.create` throws exactly these problems.
 */
export function validateGraph(init: GraphInit): readonly Problem[] {
  return analyseGraph(init).problems;
}

function reportCycle(draft: GraphDraft, cycle: readonly number[]): void {
  const path = Object.freeze(cycle.map((index) => draft.stages[index]!.name));
  draft.found.add({
    code: 'GRAPH_CYCLE',
    message: `Stages of pipeline ${quote(draft.name)} depend on each other in a circle: ${printPath(path)}.`,
    fix: 'Remove one of these dependencies, or split a stage so that what the others need of it comes first.',
    path: `stages[${cycle[0]}].dependsOn`,
    stages: path.slice(0, -1),
    details: { path },
  });
}

function printPath(path: readonly string[]): string {
  if (path.length <= LONGEST_PRINTED_PATH) return path.map(quoteIfNeeded).join(' → ');
  const half = LONGEST_PRINTED_PATH / 2;
  const left = path.length - LONGEST_PRINTED_PATH;
  return [...path.slice(0, half).map(quoteIfNeeded), `(${left} more)`, ...path.slice(-half).map(quoteIfNeeded)].join(
    ' → ',
  );
}
