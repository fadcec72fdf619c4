import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintGraph, renderText, StageGraph, validateGraph } from '../../../src/graph/index.js';
import { chainOf, range } from './graphs.js';

const COUNT = 100_000;

function shuffled(count: number): number[] {
  const positions = range(count);
  const next = fc.sample(fc.infiniteStream(fc.nat()), { numRuns: 1, seed: 7 })[0]!;
  for (let i = count - 1; i > 0; i--) {
    const j = (next.next().value as number) % (i + 1);
    [positions[i], positions[j]] = [positions[j]!, positions[i]!];
  }
  return positions;
}

describe('a chain of 100,000 stages', () => {
  it.each([
    ['root first', range(COUNT)],
    ['leaf first', range(COUNT).reverse()],
    ['shuffled', shuffled(COUNT)],
  ])('validates, compiles, lints, renders and is stored when declared %s (072)', (_, positions) => {
    const init = chainOf(positions);
    expect(validateGraph(init)).toEqual([]);
    expect(lintGraph(init)).toEqual([]);
    const graph = StageGraph.create(init);
    const { order } = graph.topology;
    expect(order).toHaveLength(COUNT);
    for (let i = 0; i < COUNT; i += 999) expect(graph.stages[order[i]!]?.name).toBe(`s${i}`);
    expect(StageGraph.fromJSON(JSON.parse(JSON.stringify(graph))).hash).toBe(graph.hash);
    expect(renderText(graph)).toContain(`level ${COUNT}`);
  });
});
