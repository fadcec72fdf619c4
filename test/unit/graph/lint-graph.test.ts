import { describe, expect, it } from 'vitest';
import { type GraphInit, LintWarning, lintGraph, type StageNodeInit } from '../../../src/graph/index.js';
import { pipelineOf } from './graphs.js';

const brief = (init: GraphInit) => lintGraph(init).map(({ severity, code, stages }) => [severity, code, stages]);

describe('lintGraph', () => {
  it('finds nothing in a sound pipeline, nor in one of a single stage', () => {
    expect(lintGraph(pipelineOf({ a: [], b: ['a'], c: ['a'] }))).toEqual([]);
    expect(lintGraph(pipelineOf({ a: [] }))).toEqual([]);
    expect(lintGraph({ name: 'p', stages: [{ name: 'g', kind: 'guard' }] })).toEqual([]);
  });

  it('reports one issue per defect (074)', () => {
    const init = pipelineOf({ self: ['self'], x: ['y'], y: ['x'], alone: [], a: [], b: ['a'], c: ['a'] });
    expect(brief(init)).toEqual([
      ['error', 'GRAPH_SELF_DEPENDENCY', ['self']],
      ['error', 'GRAPH_CYCLE', ['x', 'y']],
      ['warning', LintWarning.IsolatedStage, ['alone']],
    ]);
  });

  it('says what is odd about an isolated stage and what to do (074)', () => {
    expect(lintGraph(pipelineOf({ alone: [], a: [], b: ['a'] }))).toEqual([
      {
        code: 'LINT_ISOLATED_STAGE',
        severity: 'warning',
        message: 'Stage "alone" of pipeline "p" has neither dependencies nor dependents.',
        fix: 'Connect it, or move it to a pipeline of its own.',
        stages: ['alone'],
      },
    ]);
  });

  it('does not call a stage with a missing dependency isolated (074)', () => {
    expect(brief(pipelineOf({ a: ['gone'], b: [], c: ['b'] }))).toEqual([['error', 'GRAPH_MISSING_DEPENDENCY', ['a']]]);
  });

  it('warns of a route stage that no condition looks at', () => {
    const stages = (condition: string | null): StageNodeInit[] => [
      { name: 'r', kind: 'route' },
      { name: 'a', kind: 'work', dependsOn: ['r'], condition },
    ];
    expect(brief({ name: 'p', stages: stages(null) })).toEqual([['warning', LintWarning.UnusedRoute, ['r']]]);
    expect(brief({ name: 'p', stages: stages('r') })).toEqual([]);
  });

  it('warns of a guard that nothing depends on, once even if it is isolated', () => {
    const work: StageNodeInit = { name: 'a', kind: 'work' };
    const after: StageNodeInit = { name: 'b', kind: 'work', dependsOn: ['a'] };
    const warning = [['warning', LintWarning.UnusedGuard, ['g']]];
    expect(brief({ name: 'p', stages: [work, { name: 'g', kind: 'guard', dependsOn: ['a'] }] })).toEqual(warning);
    expect(brief({ name: 'p', stages: [work, after, { name: 'g', kind: 'guard' }] })).toEqual(warning);
    expect(
      brief({
        name: 'p',
        stages: [
          { name: 'g', kind: 'guard' },
          { ...work, dependsOn: ['g'] },
        ],
      }),
    ).toEqual([]);
  });

  it('never throws, whatever it is given', () => {
    for (const init of [undefined, null, 'p', { stages: [null, { name: 1n }] }]) {
      expect(lintGraph(init as unknown as GraphInit).every(({ severity }) => severity === 'error')).toBe(true);
    }
  });
});
