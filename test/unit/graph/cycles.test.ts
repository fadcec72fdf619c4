import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GraphInit, StageGraph, validateGraph } from '../../../src/graph/index.js';
import { validInit } from './arbitraries.js';
import { chainOf, pipelineOf, range } from './graphs.js';

const cycles = (init: GraphInit) => validateGraph(init).filter(({ code }) => code === 'GRAPH_CYCLE');

describe('cycles', () => {
  it('names the full path of a cycle, the stages, the code and the fix (067)', () => {
    const problems = validateGraph(pipelineOf({ a: ['c'], b: ['a'], c: ['b'] }));
    expect(problems).toEqual([
      {
        code: 'GRAPH_CYCLE',
        message: 'Stages of pipeline "p" depend on each other in a circle: a → c → b → a.',
        fix: expect.stringContaining('Remove one of these dependencies'),
        details: { pipeline: 'p', at: 'stages[0].dependsOn', stages: ['a', 'c', 'b'], path: ['a', 'c', 'b', 'a'] },
      },
    ]);
    expect(JSON.parse(JSON.stringify(problems))).toEqual(problems);
  });

  it('leaves out stages that only lead into or out of a cycle (067)', () => {
    const [cycle] = cycles(pipelineOf({ first: [], a: ['first', 'b'], b: ['a'], last: ['b'] }));
    expect(cycle?.details.path).toEqual(['a', 'b', 'a']);
  });

  it('reports one problem per group of stages that reach each other (067)', () => {
    const found = cycles(pipelineOf({ a: ['b'], b: ['a', 'c'], c: ['b'], x: ['y', 'a'], y: ['x'], z: ['x'] }));
    expect(found.map(({ details }) => details.path)).toEqual([
      ['a', 'b', 'a'],
      ['x', 'y', 'x'],
    ]);
  });

  it('reports the shortest way round', () => {
    const [cycle] = cycles(pipelineOf({ a: ['b', 'd'], b: ['c'], c: ['d'], d: ['a'] }));
    expect(cycle?.details.path).toEqual(['a', 'd', 'a']);
  });

  it('follows optional dependencies and conditions too', () => {
    const init: GraphInit = {
      name: 'p',
      stages: [
        { name: 'a', kind: 'route', dependsOn: [{ stage: 'b', optional: true }] },
        { name: 'b', kind: 'work', condition: 'a' },
      ],
    };
    expect(cycles(init)).toHaveLength(1);
  });

  it('quotes names in a path that could be misread', () => {
    const [cycle] = cycles(pipelineOf({ 'a → b': ['c'], c: ['a → b'] }));
    expect(cycle?.message).toContain('circle: "a → b" → c → "a → b".');
  });

  it('shortens the message, but not the details, of a cycle of 100,000 stages (072)', () => {
    const chain = chainOf(range(100_000));
    const closed = { ...chain, stages: [{ ...chain.stages[0]!, dependsOn: ['s99999'] }, ...chain.stages.slice(1)] };
    const [cycle, ...others] = validateGraph(closed);
    expect(others).toEqual([]);
    expect(cycle?.details.path).toHaveLength(100_001);
    expect(cycle?.message.length).toBeLessThan(3_000);
  });

  it('always reports a back edge as a cycle that is a path in the graph', () => {
    const cases = fc.tuple(validInit, fc.nat(), fc.nat()).map(([init, from, to]) => closeCycle(init, from, to));
    fc.assert(
      fc.property(cases, (init) => {
        fc.pre(init !== null);
        const found = cycles(init!);
        expect(found).toHaveLength(1);
        const path = found[0]?.details.path as string[];
        expect(path.length).toBeGreaterThan(2);
        expect(path[0]).toBe(path.at(-1));
        expect(new Set(path).size).toBe(path.length - 1);
        const dependencies = new Map(init!.stages.map((stage) => [stage.name, namesOf(stage)]));
        for (let i = 1; i < path.length; i++) expect(dependencies.get(path[i - 1]!)).toContain(path[i]);
      }),
    );
  });
});

function namesOf({ dependsOn = [], condition }: GraphInit['stages'][number]): string[] {
  const names = dependsOn.map((entry) => (typeof entry === 'string' ? entry : entry.stage));
  return condition ? [...names, condition] : names;
}

/** Lets an ancestor of some stage depend on it; null if the graph has no edge to close. */
function closeCycle(init: GraphInit, pickStage: number, pickAncestor: number): GraphInit | null {
  const byName = new Map(init.stages.map((stage) => [stage.name, stage]));
  const dependents = init.stages.filter((stage) => namesOf(stage).length > 0);
  if (dependents.length === 0) return null;
  const bottom = dependents[pickStage % dependents.length]!;
  const ancestors = new Set(namesOf(bottom));
  for (const name of ancestors) for (const further of namesOf(byName.get(name)!)) ancestors.add(further);
  const top = [...ancestors][pickAncestor % ancestors.size];
  expect(() => StageGraph.create(init)).not.toThrow();
  const stages = init.stages.map((stage) =>
    stage.name === top ? { ...stage, dependsOn: [...(stage.dependsOn ?? []), bottom.name] } : stage,
  );
  return { ...init, stages };
}
