import type { DependencyInit, GraphInit, StageNodeInit } from '../../../src/graph/index.js';

type Edges = Readonly<Record<string, readonly (string | DependencyInit)[]>>;

/** A pipeline "p" of transform stages: `{ a: [], b: ['a'] }`. */
export function pipelineOf(edges: Edges, more: Partial<GraphInit> = {}): GraphInit {
  const stages = Object.entries(edges).map(
    ([name, dependsOn]): StageNodeInit => ({ name, kind: 'transform', dependsOn }),
  );
  return { name: 'p', stages, ...more };
}

/** `s0 <- s1 <- …`, declared in the given order of positions. */
export function chainOf(positions: readonly number[]): GraphInit {
  const stages = positions.map(
    (i): StageNodeInit => ({ name: `s${i}`, kind: 'transform', dependsOn: i === 0 ? [] : [`s${i - 1}`] }),
  );
  return { name: 'chain', stages };
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
