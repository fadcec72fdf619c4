import { describe, expect, it } from 'vitest';
import { DefinitionError } from '../../../src/errors/index.js';
import { type GraphInit, StageGraph, validateGraph } from '../../../src/graph/index.js';
import { pipelineOf, range } from './graphs.js';

// Untyped callers can hand over anything, so these tests do too.
const check = (init: unknown) => validateGraph(init as GraphInit);
const codes = (init: unknown) => check(init).map(({ code }) => code);
const withStage = (fields: object) => ({ name: 'p', stages: [{ name: 'a', kind: 'transform', ...fields }] });

describe('validateGraph', () => {
  it('finds nothing wrong with a valid pipeline', () => {
    expect(check(pipelineOf({ a: [], b: ['a'], c: ['a', { stage: 'b', optional: true }] }))).toEqual([]);
  });

  it('reports a pipeline without stages (068)', () => {
    const [problem, ...others] = check({ name: 'digest', stages: [] });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      code: 'GRAPH_EMPTY',
      message: 'Pipeline "digest" has no stages.',
      fix: 'Add at least one stage.',
      details: { pipeline: 'digest' },
    });
  });

  it('reports a missing dependency with stage, dependency, code and fix (068)', () => {
    expect(check(pipelineOf({ Summarise: ['Fetch'] }))).toEqual([
      {
        code: 'GRAPH_MISSING_DEPENDENCY',
        message: 'Stage "Summarise" depends on "Fetch", which is not in pipeline "p".',
        fix: 'Add "Fetch" to the stages, or remove it from the dependencies of "Summarise".',
        details: {
          pipeline: 'p',
          at: 'stages[0].dependsOn',
          stages: ['Summarise'],
          missing: 'Fetch',
          suggestion: null,
        },
      },
    ]);
  });

  it.each([
    ['gret', 'greet'],
    ['fecth', 'fetch'],
    ['FETCH', 'fetch'],
    ['summarize', 'summarise'],
  ])('asks whether %s was meant to be %s (068)', (wrong, right) => {
    const [problem] = check(pipelineOf({ greet: [], fetch: [], summarise: [], last: [wrong] }));
    expect(problem?.fix).toContain(`Did you mean "${right}"?`);
    expect(problem?.details.suggestion).toBe(right);
  });

  it('suggests nothing when no name is close', () => {
    const [problem] = check(pipelineOf({ greet: [], last: ['profile'] }));
    expect(problem?.fix).not.toContain('Did you mean');
  });

  it('reports every missing dependency, not only the first (068)', () => {
    const problems = check(pipelineOf({ a: ['x', 'y'], b: ['z', 'a', 'x'] }));
    expect(problems.map(({ details }) => [details.stages, details.missing])).toEqual([
      [['a'], 'x'],
      [['a'], 'y'],
      [['b'], 'z'],
      [['b'], 'x'],
    ]);
  });

  it('reports a condition on a stage that is not there once, as a condition', () => {
    const problems = check(withStage({ condition: 'Router', dependsOn: ['Router'] }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      code: 'GRAPH_MISSING_DEPENDENCY',
      message: 'The condition of stage "a" looks at "Router", which is not in pipeline "p".',
      details: { at: 'stages[0].condition' },
    });
  });

  it('reports a name used three times once, with its positions (066)', () => {
    const stage = (name: string) => ({ name, kind: 'work' });
    const problems = check({ name: 'p', stages: ['a', 'b', 'a', 'a'].map(stage) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      code: 'GRAPH_DUPLICATE_STAGE',
      message: 'Pipeline "p" has 3 stages named "a".',
      fix: 'Rename or remove all but one.',
      details: { stages: ['a'], positions: [0, 2, 3] },
    });
  });

  it('gives a self dependency its own code and does not call it a cycle as well (069)', () => {
    expect(check(pipelineOf({ a: ['a'] }))).toMatchObject([
      { code: 'GRAPH_SELF_DEPENDENCY', message: 'Stage "a" of pipeline "p" depends on itself.' },
    ]);
    expect(check(withStage({ condition: 'a' }))).toMatchObject([
      { code: 'GRAPH_SELF_DEPENDENCY', message: expect.stringContaining('The condition of stage "a"') },
    ]);
  });

  it.each([
    ['GRAPH_EMPTY', { name: 'p', stages: [] }],
    ['GRAPH_CYCLE', pipelineOf({ a: ['b'], b: ['a'] })],
    ['GRAPH_SELF_DEPENDENCY', pipelineOf({ a: ['a'] })],
    ['GRAPH_MISSING_DEPENDENCY', pipelineOf({ a: ['b'] })],
    ['GRAPH_DUPLICATE_STAGE', { name: 'p', stages: [withStage({}).stages[0], withStage({}).stages[0]] }],
    ['GRAPH_STAGE_NAME_INVALID', withStage({ name: '' })],
    ['GRAPH_STAGE_INVALID', withStage({ dependsOn: 'abc' })],
    ['GRAPH_OPTION_INVALID', withStage({ timeoutMs: -1 })],
  ] as const)('prints %s with what happened, what to do, the code and where it is documented (069)', (code, init) => {
    let error: unknown;
    try {
      StageGraph.create(init as GraphInit);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(DefinitionError);
    const [problem] = (error as DefinitionError).problems;
    const text = String(error);
    expect(problem?.code).toBe(code);
    expect(text).toContain(problem?.message);
    expect(text).toContain(problem?.fix);
    expect(text).toContain(`[${code}, see docs/errors.md#${code.toLowerCase()}]`);
    expect(JSON.parse(JSON.stringify(error)).problems[0].code).toBe(code);
  });

  it.each(['', ' ', '\n\t', undefined, null, 7, {}, Symbol('s')])('rejects the stage name %j (070)', (name) => {
    expect(codes(withStage({ name }))).toEqual(['GRAPH_STAGE_NAME_INVALID']);
  });

  it.each(['abc', null, 7, {}, new Set(['a']), () => []])(
    'rejects dependencies that are not an array: %j (070)',
    (deps) => {
      expect(codes(withStage({ dependsOn: deps }))).toEqual(['GRAPH_STAGE_INVALID']);
    },
  );

  it('does not read the string "abc" as the dependencies a, b and c (070)', () => {
    const [problem, ...others] = check(withStage({ dependsOn: 'abc' }));
    expect(others).toEqual([]);
    expect(problem?.message).toBe('The dependencies of stage "a" of pipeline "p" must be an array, but are "abc".');
  });

  it.each(['', ' ', null, undefined, 7, ['b'], {}, { stage: 3 }, { stage: 'b', optional: 'no' }, 3n])(
    'rejects the dependency %o (070)',
    (entry) => {
      const problems = check({
        name: 'p',
        stages: [{ name: 'b', kind: 'work' }, ...withStage({ dependsOn: [entry] }).stages],
      });
      expect(problems).toMatchObject([{ code: 'GRAPH_STAGE_INVALID', details: { at: 'stages[1].dependsOn[0]' } }]);
      expect(() => JSON.stringify(problems)).not.toThrow();
    },
  );

  it.each([null, 'abc', 7, undefined, () => 1])('rejects the stage %o (070)', (stage) => {
    const problems = check({ name: 'p', stages: [stage] });
    expect(problems).toMatchObject([{ code: 'GRAPH_STAGE_INVALID', details: { at: 'stages[0]' } }]);
  });

  it('sees the holes of a sparse list of stages', () => {
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point
    expect(codes({ name: 'p', stages: [{ name: 'a', kind: 'work' }, , { name: 'b', kind: 'work' }] })).toEqual([
      'GRAPH_STAGE_INVALID',
    ]);
  });

  it.each([undefined, null, 'abc', {}])('rejects stages that are not an array: %j', (stages) => {
    expect(codes({ name: 'p', stages })).toEqual(['GRAPH_STAGE_INVALID']);
  });

  it.each([undefined, null, 'p', 7])('survives %j in place of a definition', (init) => {
    expect(codes(init)).toEqual(['GRAPH_OPTION_INVALID', 'GRAPH_STAGE_INVALID']);
  });

  it.each([
    ['timeoutMs', -1],
    ['timeoutMs', Number.NaN],
    ['timeoutMs', Number.POSITIVE_INFINITY],
    ['timeoutMs', '100'],
    ['priority', Number.NaN],
    ['priority', Number.POSITIVE_INFINITY],
    ['priority', '1'],
    ['kind', 'wrok'],
    ['kind', undefined],
  ])('rejects a stage with %s %j', (field, value) => {
    expect(check(withStage({ [field]: value }))).toMatchObject([
      { code: 'GRAPH_OPTION_INVALID', details: { at: `stages[0].${field}`, stages: ['a'] } },
    ]);
  });

  it.each([
    ['maxConcurrency', 0],
    ['maxConcurrency', 1.5],
    ['maxConcurrency', Number.POSITIVE_INFINITY],
    ['maxConcurrency', '4'],
    ['failurePolicy', 'explode'],
    ['failurePolicy', null],
    ['name', ''],
    ['name', 7],
  ])('rejects a pipeline with %s %j', (field, value) => {
    const init = { ...withStage({}), [field]: value };
    expect(check(init)).toMatchObject([{ code: 'GRAPH_OPTION_INVALID', details: { at: field } }]);
  });

  it('rejects a condition that names nothing', () => {
    expect(codes(withStage({ condition: ' ' }))).toEqual(['GRAPH_STAGE_INVALID']);
    expect(codes(withStage({ condition: 7 }))).toEqual(['GRAPH_STAGE_INVALID']);
  });

  it('reports everything at once', () => {
    const init = {
      name: 'p',
      maxConcurrency: 0,
      stages: [
        { name: '', kind: 'work', dependsOn: ['nowhere'] },
        { name: 'a', kind: 'work', dependsOn: ['a', 'c', 'gone'] },
        { name: 'b', kind: 'work', timeoutMs: -5, dependsOn: ['a'] },
        { name: 'c', kind: 'work', dependsOn: ['b'] },
        { name: 'c', kind: 'work' },
      ],
    };
    expect(codes(init)).toEqual([
      'GRAPH_OPTION_INVALID',
      'GRAPH_STAGE_NAME_INVALID',
      'GRAPH_OPTION_INVALID',
      'GRAPH_DUPLICATE_STAGE',
      'GRAPH_MISSING_DEPENDENCY',
      'GRAPH_SELF_DEPENDENCY',
      'GRAPH_MISSING_DEPENDENCY',
      'GRAPH_CYCLE',
    ]);
    const error = (() => {
      try {
        return StageGraph.create(init as unknown as GraphInit);
      } catch (thrown) {
        return thrown as DefinitionError;
      }
    })();
    expect(error).toBeInstanceOf(DefinitionError);
    expect(String(error)).toContain('pipeline "p" has 8 problems');
  });

  it('stays linear when every dependency is misspelt', () => {
    const names = range(20_000).map((i) => `stage-number-${i}`);
    const stages = names.map((name) => ({ name, kind: 'work', dependsOn: [`${name}-old`] }));
    // Comparing every pair would take minutes, far past the time limit of a test.
    expect(check({ name: 'p', stages })).toHaveLength(20_000);
  });

  it('does not change or freeze what it was given', () => {
    const init = pipelineOf({ a: [], b: ['a', 'a', 'x'] });
    const before = structuredClone(init);
    check(init);
    expect(init).toEqual(before);
    expect(Object.isFrozen(init.stages)).toBe(false);
  });
});
