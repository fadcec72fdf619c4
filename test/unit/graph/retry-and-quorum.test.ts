import { describe, expect, it } from 'vitest';
import {
  type GraphInit,
  lintGraph,
  renderDot,
  renderMermaid,
  renderText,
  StageGraph,
  type StageNodeInit,
  validateGraph,
} from '../../../src/graph/index.js';

const draft: StageNodeInit = { name: 'draft', kind: 'transform' };
const guard = (more: Partial<StageNodeInit>): StageNodeInit => ({
  name: 'check',
  kind: 'guard',
  dependsOn: ['draft'],
  ...more,
});
const init = (...stages: StageNodeInit[]): GraphInit => ({ name: 'mail', stages });
const problemsOf = (...stages: StageNodeInit[]) =>
  validateGraph(init(...stages)).map(({ code, message, details }) => ({ code, message, stages: details.stages }));

describe('a way back that cannot work (038)', () => {
  it.each([
    ['an unknown stage', { stage: 'draff', attempts: 3 }, 'goes back to "draff", which is not in it.'],
    ['itself', { stage: 'check', attempts: 3 }, 'goes back to itself.'],
    [
      'a stage it does not run after',
      { stage: 'other', attempts: 3 },
      'goes back to "other", which it does not run after.',
    ],
  ])('is refused to %s, naming both stages', (_, retryFrom, text) => {
    const problems = problemsOf(draft, { name: 'other', kind: 'transform' }, guard({ retryFrom }));
    expect(problems).toEqual([
      {
        code: 'GRAPH_RETRY_INVALID',
        message: `Guard "check" of pipeline "mail" ${text}`,
        stages: ['check', retryFrom.stage],
      },
    ]);
  });

  it('is refused to a stage that is no guard', () => {
    const [problem] = problemsOf(draft, guard({ kind: 'transform', retryFrom: { stage: 'draft', attempts: 2 } }));
    expect(problem).toMatchObject({
      code: 'GRAPH_RETRY_INVALID',
      message:
        'Only a guard can send a run back to "draft", but stage "check" of pipeline "mail" is of kind transform.',
      stages: ['check', 'draft'],
    });
  });

  it.each([
    { attempts: 0 },
    { attempts: 1.5 },
    { attempts: 3, timeoutMs: -1 },
    { attempts: 3, stagnation: 1 },
    { attempts: 3, stagnation: 4 },
  ])('is refused with %o', (numbers) => {
    const problems = problemsOf(draft, guard({ retryFrom: { stage: 'draft', ...numbers } }));
    expect(problems).toMatchObject([{ code: 'GRAPH_RETRY_INVALID', stages: ['check', 'draft'] }]);
  });

  it('is reported with everything else', () => {
    const retryFrom = { stage: 'nowhere', attempts: 0, timeoutMs: Number.NaN };
    const codes = problemsOf(draft, guard({ kind: 'work', dependsOn: ['gone'], retryFrom })).map(({ code }) => code);
    expect(codes.filter((code) => code === 'GRAPH_RETRY_INVALID')).toHaveLength(4);
    expect(codes).toContain('GRAPH_MISSING_DEPENDENCY');
  });
});

describe('a quorum or a compensation that cannot work', () => {
  it.each([
    [{ quorums: [{ atLeast: 3, of: ['draft', 'b'] }] }, 'needs 3 of 2: "draft", "b".'],
    [{ quorums: [{ atLeast: 0, of: ['draft'] }] }, 'must be a whole number of at least 1, but is 0.'],
    [{ quorums: [{ atLeast: 1, of: 'draft' as never }] }, 'must be a list of stage names, but is "draft".'],
    [{ compensates: true }, 'Only work can be undone, but stage "check" of pipeline "mail" is of kind guard.'],
  ])('is refused: %o', (more, text) => {
    const problems = problemsOf(draft, { name: 'b', kind: 'transform' }, guard(more));
    expect(problems).toMatchObject([{ code: 'GRAPH_OPTION_INVALID', message: expect.stringContaining(text) }]);
  });

  it('names a member that is not in the pipeline', () => {
    const problems = problemsOf(draft, guard({ quorums: [{ atLeast: 1, of: ['draft', 'gone'] }] }));
    expect(problems).toMatchObject([{ code: 'GRAPH_MISSING_DEPENDENCY' }]);
  });
});

describe('a graph with ways back, quorums and compensation', () => {
  const full = init(
    { name: 'a', kind: 'transform' },
    { name: 'b', kind: 'transform' },
    { name: 'join', kind: 'transform', quorums: [{ atLeast: 1, of: ['a', 'b'] }] },
    { name: 'book', kind: 'work', dependsOn: ['join'], compensates: true },
    { name: 'check', kind: 'guard', dependsOn: ['book'], retryFrom: { stage: 'join', attempts: 3 } },
  );

  it('is stored and read back, and its hash covers them', () => {
    const graph = StageGraph.create(full);
    const read = StageGraph.fromJSON(JSON.parse(JSON.stringify(graph)));
    expect(read.toJSON()).toEqual(graph.toJSON());
    expect(read.stages[4]?.retryFrom).toEqual({ stage: 'join', attempts: 3, timeoutMs: null, stagnation: null });
    for (const change of [
      { quorums: [{ atLeast: 2, of: ['a', 'b'] }] },
      { retryFrom: { stage: 'join', attempts: 4 } },
      { compensates: false },
    ]) {
      const stages = full.stages.map((stage) =>
        Object.keys(change).some((key) => key in stage) ? { ...stage, ...change } : stage,
      );
      expect(StageGraph.create({ ...full, stages } as GraphInit).hash).not.toBe(graph.hash);
    }
  });

  it('says that work can be repeated, and of nothing else', () => {
    const of = (kind: 'work' | 'agent' | 'guard', idempotent: unknown) =>
      init({ name: 'a', kind, idempotent } as StageNodeInit);
    const repeatable = StageGraph.create(of('work', true));
    expect(repeatable.stages[0]?.idempotent).toBe(true);
    expect(StageGraph.fromJSON(JSON.parse(JSON.stringify(repeatable))).hash).toBe(repeatable.hash);
    expect(StageGraph.create(of('work', false)).hash).not.toBe(repeatable.hash);
    expect(renderText(StageGraph.create(of('agent', true)))).toContain('can be repeated');
    for (const wrong of [of('guard', true), of('work', 'yes')]) {
      expect(validateGraph(wrong).map(({ code }) => code)).toEqual(['GRAPH_OPTION_INVALID']);
    }
  });

  it('shows them', () => {
    const graph = StageGraph.create(full);
    expect(renderText(graph)).toContain('after at least 1 of a, b\n');
    expect(renderText(graph)).toContain('after join; can be undone\n');
    expect(renderText(graph)).toContain('after book; retries from join, 3 attempts\n');
    expect(renderMermaid(graph)).toContain('  s0 -.->|1 of 2| s2\n');
    expect(renderMermaid(graph)).toContain('  s4 -.->|retry| s2\n');
    expect(renderDot(graph)).toContain('  s0 -> s2 [style=dashed, label="1 of 2"];\n');
    expect(renderDot(graph)).toContain('  s4 -> s2 [style=dotted, label="retry", constraint=false];\n');
  });

  it('is not warned of for a guard at the end that sends the run back', () => {
    expect(lintGraph(full)).toEqual([]);
  });
});
