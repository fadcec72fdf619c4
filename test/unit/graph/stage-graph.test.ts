import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailurePolicy, type GraphInit, StageGraph } from '../../../src/graph/index.js';
import { StageKind } from '../../../src/stage/index.js';
import { validInit } from './arbitraries.js';
import { pipelineOf } from './graphs.js';

describe('StageGraph', () => {
  it('holds the stages as specs in declaration order, with defaults filled in', () => {
    const graph = StageGraph.create({
      name: 'digest',
      stages: [
        { name: 'Parse', kind: StageKind.Transform, dependsOn: ['Fetch'], timeoutMs: 2_000, priority: 3 },
        { name: 'Fetch', kind: StageKind.Enrich },
      ],
    });
    expect(graph.name).toBe('digest');
    expect(graph.failurePolicy).toBe(FailurePolicy.FailFast);
    expect(graph.maxConcurrency).toBeNull();
    expect(graph.size).toBe(2);
    expect(graph.stages).toEqual([
      {
        name: 'Parse',
        kind: 'transform',
        dependsOn: [{ stage: 'Fetch', optional: false }],
        condition: null,
        timeoutMs: 2_000,
        priority: 3,
      },
      { name: 'Fetch', kind: 'enrich', dependsOn: [], condition: null, timeoutMs: null, priority: 0 },
    ]);
    expect(graph.indexOf('Fetch')).toBe(1);
    expect(graph.indexOf('fetch')).toBeUndefined();
    expect(graph.indexOf('__proto__')).toBeUndefined();
  });

  it('takes timeoutMs 0 as no limit', () => {
    const graph = StageGraph.create({ name: 'p', stages: [{ name: 'a', kind: 'work', timeoutMs: 0 }] });
    expect(graph.stages[0]?.timeoutMs).toBeNull();
  });

  it('keeps a repeated dependency once, and required if any of them is', () => {
    const optionalA = { stage: 'a', optional: true };
    const graph = StageGraph.create(
      pipelineOf({ a: [], b: [optionalA, 'a'], c: ['a', optionalA], d: [optionalA, optionalA, 'c', 'c'] }),
    );
    expect(graph.stages.map(({ dependsOn }) => dependsOn.map(({ stage, optional }) => [stage, optional]))).toEqual([
      [],
      [['a', false]],
      [['a', false]],
      [
        ['a', true],
        ['c', false],
      ],
    ]);
  });

  it('makes the stage of a condition a required dependency, listed or not', () => {
    const graph = StageGraph.create({
      name: 'p',
      stages: [
        { name: 'r', kind: 'route' },
        { name: 'a', kind: 'work' },
        { name: 'added', kind: 'work', dependsOn: ['a'], condition: 'r' },
        { name: 'kept', kind: 'work', dependsOn: [{ stage: 'r', optional: true }, 'a'], condition: 'r' },
      ],
    });
    const names = (index: number) => graph.stages[index]?.dependsOn.map(({ stage }) => stage);
    expect(names(2)).toEqual(['a', 'r']);
    expect(names(3)).toEqual(['r', 'a']);
    expect(graph.topology.requiredCount[3]).toBe(2);
  });

  it('is immutable, whatever happens to what it was made from', () => {
    const dependsOn = ['a'];
    const init = {
      name: 'p',
      stages: [
        { name: 'a', kind: 'work' as const },
        { name: 'b', kind: 'work' as const, dependsOn },
      ],
    };
    const graph = StageGraph.create(init);
    const before = JSON.stringify(graph);
    dependsOn.push('zzz');
    init.stages.pop();
    init.stages[0]!.name = 'renamed';
    expect(JSON.stringify(graph)).toBe(before);
    for (const part of [
      graph,
      graph.stages,
      graph.topology,
      graph.topology.dependencies,
      ...graph.topology.dependencies,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    for (const spec of graph.stages) {
      expect([spec, spec.dependsOn, ...spec.dependsOn].every(Object.isFrozen)).toBe(true);
    }
    expect(() => Object.assign(graph, { name: 'q' })).toThrow(TypeError);
  });

  it('counts two edges of a fan-out as two (074)', () => {
    const { topology } = StageGraph.create(pipelineOf({ a: [], b: ['a'], c: ['a'] }));
    expect([...topology.dependents]).toEqual([1, 2]);
    expect([...topology.dependentOffsets]).toEqual([0, 2, 2, 2]);
  });

  it('orders stages topologically, the roots first and in declaration order', () => {
    const { topology } = StageGraph.create(pipelineOf({ last: ['b', 'a'], b: [], a: [], next: ['b'] }));
    expect([...topology.order]).toEqual([1, 2, 3, 0]);
  });

  it('says whether any stage has a priority', () => {
    const withPriority = (priority: number): GraphInit => ({
      name: 'p',
      stages: [{ name: 'a', kind: 'work', priority }],
    });
    expect(StageGraph.create(withPriority(0)).topology.hasPriorities).toBe(false);
    expect(StageGraph.create(withPriority(-1)).topology.hasPriorities).toBe(true);
  });

  it('has a topology that agrees with its specs, for any graph', () => {
    fc.assert(
      fc.property(validInit, (init) => {
        const { stages, topology, indexOf, size } = bound(StageGraph.create(init));
        const place = new Map([...topology.order].map((stage, at) => [stage, at]));
        expect(place.size).toBe(size);
        const edges: [from: number, to: number, optional: number][] = [];
        stages.forEach((spec, to) => {
          const own = spec.dependsOn.map(({ stage }) => indexOf(stage)!);
          expect(topology.dependencies[to]).toEqual(own);
          expect(topology.indegree[to]).toBe(own.length);
          expect(topology.requiredCount[to]).toBe(spec.dependsOn.filter(({ optional }) => !optional).length);
          own.forEach((from, k) => {
            edges.push([from, to, spec.dependsOn[k]!.optional ? 1 : 0]);
            expect(place.get(from)).toBeLessThan(place.get(to)!);
          });
        });
        expect(listEdges(topology)).toEqual(edges.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
        const roots = [...topology.indegree.keys()].filter((i) => topology.indegree[i] === 0);
        expect([...topology.order].slice(0, roots.length)).toEqual(roots);
      }),
    );
  });
});

function bound(graph: StageGraph) {
  const { stages, topology, size } = graph;
  return { stages, topology, size, indexOf: (name: string) => graph.indexOf(name) };
}

function listEdges({ dependentOffsets, dependents, dependentOptional }: StageGraph['topology']): number[][] {
  const edges: number[][] = [];
  for (let from = 0; from + 1 < dependentOffsets.length; from++) {
    for (let e = dependentOffsets[from]!; e < dependentOffsets[from + 1]!; e++) {
      edges.push([from, dependents[e]!, dependentOptional[e]!]);
    }
  }
  return edges;
}
