import type { StageSpec } from '../stage/index.js';

/**
 * Edges as flat arrays of stage indexes. The dependents of stage `i` are
 * `dependents[dependentOffsets[i]] … dependents[dependentOffsets[i + 1] - 1]`, in declaration order.
 */
export interface Adjacency {
  /** Number of dependencies per stage. */
  readonly indegree: Int32Array;
  /** Size n + 1. */
  readonly dependentOffsets: Int32Array;
  readonly dependents: Int32Array;
}

/** Everything an executor needs to count a run down. Shared by all runs: read it, never write it. */
export interface Topology extends Adjacency {
  /** Parallel to `dependents`: 1 where the edge is optional. */
  readonly dependentOptional: Uint8Array;
  /** Number of dependencies per stage that are not optional. */
  readonly requiredCount: Int32Array;
  /** Per stage the indexes of its dependencies, in the order of `spec.dependsOn`. */
  readonly dependencies: readonly (readonly number[])[];
  /** Whether any stage has a priority other than 0. */
  readonly hasPriorities: boolean;
  /** A topological order; stages without dependencies come first, in declaration order. */
  readonly order: Int32Array;
}

/** Turns dependencies into dependents, in time linear in stages and edges. */
export function adjacencyOf(dependencies: readonly (readonly number[])[]): Adjacency {
  const count = dependencies.length;
  const indegree = new Int32Array(count);
  const dependentOffsets = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    const own = dependencies[i]!;
    indegree[i] = own.length;
    for (const d of own) dependentOffsets[d + 1]!++;
  }
  for (let i = 0; i < count; i++) dependentOffsets[i + 1]! += dependentOffsets[i]!;
  const dependents = new Int32Array(dependentOffsets[count]!);
  const next = dependentOffsets.slice();
  for (let i = 0; i < count; i++) {
    for (const d of dependencies[i]!) dependents[next[d]!++] = i;
  }
  return { indegree, dependentOffsets, dependents };
}

/** Kahn's algorithm. Shorter than the number of stages exactly if there is a cycle. */
export function topologicalOrder({ indegree, dependentOffsets, dependents }: Adjacency): Int32Array {
  const waitingFor = indegree.slice();
  const order = new Int32Array(indegree.length);
  let found = 0;
  for (let i = 0; i < waitingFor.length; i++) if (waitingFor[i] === 0) order[found++] = i;
  for (let done = 0; done < found; done++) {
    const stage = order[done]!;
    for (let e = dependentOffsets[stage]!; e < dependentOffsets[stage + 1]!; e++) {
      const dependent = dependents[e]!;
      if (--waitingFor[dependent]! === 0) order[found++] = dependent;
    }
  }
  return found === order.length ? order : order.slice(0, found);
}

/** Completes the topology of a graph without problems, where `dependencies` is parallel to each `spec.dependsOn`. */
export function topologyOf(
  specs: readonly StageSpec[],
  dependencies: readonly (readonly number[])[],
  adjacency: Adjacency,
  order: Int32Array,
): Topology {
  const dependentOptional = new Uint8Array(adjacency.dependents.length);
  const requiredCount = new Int32Array(specs.length);
  const next = adjacency.dependentOffsets.slice();
  let hasPriorities = false;
  // The same walk as in adjacencyOf, so that each edge lands in the same slot.
  for (let i = 0; i < specs.length; i++) {
    const { dependsOn, priority } = specs[i]!;
    if (priority !== 0) hasPriorities = true;
    const own = dependencies[i]!;
    for (let k = 0; k < own.length; k++) {
      const edge = next[own[k]!]!++;
      if (dependsOn[k]!.optional) dependentOptional[edge] = 1;
      else requiredCount[i]!++;
    }
  }
  return Object.freeze({ ...adjacency, dependentOptional, requiredCount, dependencies, hasPriorities, order });
}
