import fc from 'fast-check';
import type { DependencyInit, FailurePolicy, GraphInit, StageNodeInit } from '../../../src/graph/index.js';
import { StageKind } from '../../../src/stage/index.js';

const kind = fc.constantFrom(...Object.values(StageKind));

/** Any name a user may give, odd ones included. */
export const stageName = fc
  .oneof(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }))
  .filter((name) => name.trim() !== '');

/** A valid pipeline: any DAG, declared in any order, with options, conditions and repeated dependencies. */
export const validInit: fc.Arbitrary<GraphInit> = fc
  .uniqueArray(stageName, { minLength: 1, maxLength: 12 })
  .chain((names) =>
    fc
      .tuple(...names.map((name, position) => stageArbitrary(name, names.slice(0, position))))
      .chain((stages) => fc.shuffledSubarray(stages, { minLength: stages.length })),
  )
  .chain((stages) =>
    fc.record({
      name: stageName,
      stages: fc.constant(stages),
      maxConcurrency: nullable(fc.integer({ min: 1, max: 9 })),
      failurePolicy: fc.constantFrom<FailurePolicy[]>('fail-fast', 'continue'),
    }),
  );

function stageArbitrary(name: string, earlier: readonly string[]): fc.Arbitrary<StageNodeInit> {
  const upstream = earlier.length === 0 ? null : fc.constantFrom(...earlier);
  const edge: fc.Arbitrary<string | DependencyInit> | null =
    upstream && fc.oneof(upstream, fc.record({ stage: upstream, optional: fc.boolean() }));
  return fc.record({
    name: fc.constant(name),
    kind,
    dependsOn: edge ? fc.array(edge, { maxLength: 5 }) : fc.constant([]),
    condition: upstream ? nullable(upstream) : fc.constant(null),
    timeoutMs: nullable(fc.integer({ min: 0, max: 10_000 })),
    priority: fc.integer({ min: -3, max: 3 }),
  });
}

function nullable<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(value, { nil: null, freq: 2 });
}
