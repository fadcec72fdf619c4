import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DefinitionError, type Problem } from '../../../src/errors/index.js';
import { StageGraph } from '../../../src/graph/index.js';
import { validInit } from './arbitraries.js';
import { pipelineOf } from './graphs.js';

const graph = StageGraph.create({
  name: 'digest',
  failurePolicy: 'continue',
  maxConcurrency: 4,
  stages: [
    { name: 'Fetch', kind: 'enrich', timeoutMs: 500 },
    { name: 'Route', kind: 'route', dependsOn: [{ stage: 'Fetch', optional: true }] },
    { name: 'Sales', kind: 'work', condition: 'Route', priority: 2 },
  ],
});
const plan = () => JSON.parse(JSON.stringify(graph));

function refusal(json: unknown): readonly Problem[] {
  try {
    StageGraph.fromJSON(json);
  } catch (error) {
    expect(error).toBeInstanceOf(DefinitionError);
    expect((error as DefinitionError).code).toBe('GRAPH_PLAN_INVALID');
    const { problems } = error as DefinitionError;
    expect(problems.every(({ code }) => code === 'GRAPH_PLAN_INVALID')).toBe(true);
    return problems;
  }
  throw new Error('The plan was accepted.');
}

describe('a stored plan', () => {
  it('has a version, the definition and a hash', () => {
    expect(plan()).toMatchInlineSnapshot(`
      {
        "failurePolicy": "continue",
        "hash": "ff3008d79c366b2856e3389a94f388a5221fdcd37943d96d13d117f8636f30da",
        "maxConcurrency": 4,
        "name": "digest",
        "stages": [
          {
            "condition": null,
            "dependsOn": [],
            "kind": "enrich",
            "name": "Fetch",
            "priority": 0,
            "timeoutMs": 500,
          },
          {
            "condition": null,
            "dependsOn": [
              {
                "optional": true,
                "stage": "Fetch",
              },
            ],
            "kind": "route",
            "name": "Route",
            "priority": 0,
            "timeoutMs": null,
          },
          {
            "condition": "Route",
            "dependsOn": [
              {
                "optional": false,
                "stage": "Route",
              },
            ],
            "kind": "work",
            "name": "Sales",
            "priority": 2,
            "timeoutMs": null,
          },
        ],
        "version": 1,
      }
    `);
  });

  it('gives the same graph back, for any graph', () => {
    fc.assert(
      fc.property(validInit, (init) => {
        const original = StageGraph.create(init);
        const copy = StageGraph.fromJSON(JSON.parse(JSON.stringify(original)));
        expect(copy.toJSON()).toEqual(original.toJSON());
        expect(copy.topology).toEqual(original.topology);
      }),
    );
  });

  it('may hold keys that this release does not know', () => {
    const stages = plan().stages.map((stage: object) => ({ ...stage, colour: 'red' }));
    expect(StageGraph.fromJSON({ ...plan(), stages, note: 'x' }).hash).toBe(graph.hash);
  });

  it('lists every path and problem of a plan that cannot be read', () => {
    const broken = plan();
    broken.maxConcurrency = 0;
    broken.stages[0].timeoutMs = -1;
    broken.stages[1].dependsOn = [{ stage: 3 }, 'Ghost'];
    delete broken.stages[2].name;
    delete broken.hash;
    const problems = refusal(broken);
    expect(problems.map(({ details }) => [details.at, details.rule])).toEqual([
      ['maxConcurrency', 'GRAPH_OPTION_INVALID'],
      ['stages[0].timeoutMs', 'GRAPH_OPTION_INVALID'],
      ['stages[1].dependsOn[0]', 'GRAPH_STAGE_INVALID'],
      ['stages[2].name', 'GRAPH_STAGE_NAME_INVALID'],
      ['stages[1].dependsOn', 'GRAPH_MISSING_DEPENDENCY'],
      ['hash', undefined],
    ]);
    expect(problems[1]?.message).toMatch(/^stages\[0\]\.timeoutMs: timeoutMs of stage "Fetch"/);
  });

  it('refuses a plan whose stages form a cycle', () => {
    const broken = plan();
    broken.stages[0].dependsOn = ['Sales'];
    expect(refusal(broken)).toMatchObject([
      { details: { rule: 'GRAPH_CYCLE', path: ['Fetch', 'Sales', 'Route', 'Fetch'] } },
    ]);
  });

  it('refuses a plan that was changed after it was written', () => {
    const changed = plan();
    changed.stages[0].timeoutMs = 501;
    expect(refusal(changed)).toMatchObject([
      {
        message: expect.stringContaining('"digest" was changed after it was written'),
        details: { stored: graph.hash },
      },
    ]);
  });

  it('refuses a plan of a later version by name, without looking further', () => {
    expect(refusal({ version: 2, shape: 'unknown' })).toMatchObject([
      {
        message: 'version: The plan has version 2; this release of stageflow reads version 1.',
        details: { version: 2 },
      },
    ]);
  });

  it.each([undefined, null, '1', 0, 1.5, Number.NaN])('refuses the version %j', (version) => {
    expect(refusal({ ...plan(), version })).toHaveLength(1);
  });

  it.each([undefined, null, 7, 'text', [], () => 1])('refuses %j in place of a plan', (json) => {
    expect(refusal(json)).toHaveLength(1);
  });

  it('accepts or refuses anything with a typed error', () => {
    const key = fc.constantFrom('version', 'name', 'stages', 'hash', 'maxConcurrency', 'failurePolicy');
    const stageKey = fc.constantFrom('name', 'kind', 'dependsOn', 'condition', 'timeoutMs', 'priority');
    const value = fc.oneof(
      fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true, withMap: true }),
      fc.constantFrom('Fetch', 'Sales', ['Sales'], [{ stage: 'Sales' }], '__proto__', ['constructor'], -0),
    );
    const mutated = fc.oneof(
      fc.tuple(key, value).map(([k, v]) => ({ ...plan(), [k]: v })),
      fc.tuple(fc.nat(2), stageKey, value).map(([i, k, v]) => {
        const copy = plan();
        copy.stages[i][k] = v;
        return copy;
      }),
      fc.anything(),
    );
    fc.assert(
      fc.property(mutated, (json) => {
        try {
          expect(StageGraph.fromJSON(json).hash).toBe(graph.hash);
        } catch (error) {
          expect(error).toBeInstanceOf(DefinitionError);
          expect(() => JSON.stringify(error)).not.toThrow();
          expect((error as DefinitionError).problems.every(({ details }) => typeof details.at === 'string')).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the hash', () => {
  it('is the same on every machine and in every release', () => {
    expect(graph.hash).toMatchInlineSnapshot(`"ff3008d79c366b2856e3389a94f388a5221fdcd37943d96d13d117f8636f30da"`);
  });

  it('does not depend on the order of keys', () => {
    const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse());
    const json = reversed({ ...plan(), stages: plan().stages.map(reversed) });
    expect(StageGraph.fromJSON(json).hash).toBe(graph.hash);
  });

  it('does not depend on how a definition spells its defaults', () => {
    const spelt = StageGraph.create({
      name: 'p',
      failurePolicy: 'fail-fast',
      maxConcurrency: null,
      stages: [{ name: 'a', kind: 'work', dependsOn: [], condition: null, timeoutMs: 0, priority: -0 }],
    });
    expect(StageGraph.create({ name: 'p', stages: [{ name: 'a', kind: 'work' }] }).hash).toBe(spelt.hash);
  });

  it('changes with everything a plan says', () => {
    const a = { name: 'a', kind: 'work' } as const;
    const b = { name: 'b', kind: 'work', dependsOn: ['a'] } as const;
    const base = { name: 'p', stages: [a, b] };
    const variants = [
      base,
      { ...base, name: 'q' },
      { ...base, failurePolicy: 'continue' as const },
      { ...base, maxConcurrency: 1 },
      { ...base, stages: [b, a] },
      { ...base, stages: [a] },
      { ...base, stages: [a, { ...b, kind: 'guard' as const }] },
      { ...base, stages: [a, { ...b, condition: 'a' }] },
      { ...base, stages: [a, { ...b, timeoutMs: 1 }] },
      { ...base, stages: [a, { ...b, priority: 1 }] },
      { ...base, stages: [a, { ...b, dependsOn: [{ stage: 'a', optional: true }] }] },
    ];
    expect(new Set(variants.map((init) => StageGraph.create(init).hash)).size).toBe(variants.length);
  });

  it('tells apart names that would read the same when joined', () => {
    const hashes = [pipelineOf({ 'a","b': [] }), pipelineOf({ a: [], b: [] })].map(
      (init) => StageGraph.create(init).hash,
    );
    expect(hashes[0]).not.toBe(hashes[1]);
  });
});
