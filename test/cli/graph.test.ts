import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeGraph } from '../../src/cli/graph/place-graph.js';
import { renderSvg } from '../../src/cli/graph/render-svg.js';
import { StageGraph } from '../../src/graph/index.js';
import { StageKind } from '../../src/stage/index.js';
import { cli, jsonOf } from './cli-in-process.js';

describe('stageflow graph', () => {
  it.each([
    ['text', 'pipeline "shapes <&>": 8 stages, fail-fast'],
    ['mermaid', 'flowchart TD'],
    ['dot', 'digraph "shapes <&amp;>" {'],
    ['svg', '<svg xmlns="http://www.w3.org/2000/svg"'],
  ])('draws as %s', async (format, start) => {
    const { code, stdout, stderr } = await cli(['graph', 'shapes.ts', '--format', format]);
    expect([code, stderr, stdout.startsWith(start)]).toEqual([0, '', true]);
  });

  it('gives the plan as data with --json, from which the graph can be read again', async () => {
    const graph = StageGraph.fromJSON(jsonOf(await cli(['graph', 'shapes.ts', '--json'])));
    expect([graph.name, graph.size]).toEqual(['shapes <&>', 8]);
  });

  it('writes to a file with --output, and nothing to stdout', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stageflow-graph-'));
    const file = join(folder, 'shapes.svg');
    const { code, stdout } = await cli(['graph', 'shapes.ts', '--format', 'svg', '-o', file]);
    expect([code, stdout, readFileSync(file, 'utf8').endsWith('</svg>\n')]).toEqual([0, '', true]);
    rmSync(folder, { recursive: true });
  });

  it('draws a module without building it, and refuses one that is unsound with 3', async () => {
    const drawn = await cli(['graph', 'crawl.ts']);
    expect([drawn.code, drawn.stderr]).toEqual([0, '']);
    expect(drawn.stdout).toContain('after Fetch');
    expect((await cli(['graph', 'guarded.ts', '--no-config'])).stdout).toContain('pipeline guarded');
    const refused = await cli(['graph', 'broken.ts', '--no-config', '--json']);
    expect(refused.code).toBe(3);
    expect(jsonOf(refused).error.problems).toHaveLength(2);
  });

  it('asks which pipeline is meant where there are several', async () => {
    const asked = await cli(['graph', 'several.ts', '--no-config']);
    expect([asked.code, asked.stdout]).toEqual([2, '']);
    expect(asked.stderr).toContain('There are several pipelines: one, two. Name one with --pipeline.');
    expect((await cli(['graph', 'several.ts', '--pipeline', 'two'])).stdout).toContain('pipeline two: 1 stage');
    expect((await cli(['graph', 'several.ts', '--pipeline', 'three'])).stderr).toContain('There is no pipeline three.');
  });
});

const name = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }).filter((text) => text.trim() !== '');
const kind = fc.constantFrom(...Object.values(StageKind));

/** Any graph: a stage may depend on those declared before it. */
const anyGraph = fc
  .uniqueArray(fc.record({ name, kind, picks: fc.array(fc.nat(), { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 25,
    selector: (stage) => stage.name,
  })
  .map((stages) =>
    StageGraph.create({
      name: stages[0]!.name,
      stages: stages.map(({ name, kind, picks }, index) => ({
        name,
        kind,
        dependsOn: index === 0 ? [] : picks.map((pick) => stages[pick % index]!.name),
      })),
    }),
  );

describe('the picture of a graph', () => {
  it('has every stage below all it waits for, and no two on top of each other', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { boxes, width, height } = placeGraph(graph, (spec) => spec.name);
        for (const [index, dependencies] of graph.topology.dependencies.entries()) {
          for (const one of dependencies) expect(boxes[one]!.top + boxes[one]!.height).toBeLessThan(boxes[index]!.top);
        }
        for (const [index, a] of boxes.entries()) {
          expect(a.left).toBeGreaterThanOrEqual(0);
          expect(a.left + a.width).toBeLessThanOrEqual(width);
          expect(a.top + a.height).toBeLessThanOrEqual(height);
          for (const b of boxes.slice(index + 1)) {
            const isApart = a.left + a.width < b.left || b.left + b.width < a.left || a.top !== b.top;
            expect(isApart).toBe(true);
          }
        }
      }),
      { seed: 8, numRuns: 100 },
    );
  });

  it('is well-formed whatever names are, and the same every time', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const svg = renderSvg(graph);
        expect(svg).toBe(renderSvg(graph));
        expect(tagProblems(svg)).toEqual([]);
      }),
      { seed: 8, numRuns: 100 },
    );
  });

  it('crosses edges only where they cannot be parted', () => {
    const graph = StageGraph.create({
      name: 'ladder',
      stages: ['a', 'b', 'c', 'C', 'B', 'A'].map((name) => ({
        name,
        kind: StageKind.Transform,
        dependsOn: name === name.toUpperCase() ? [name.toLowerCase()] : [],
      })),
    });
    const { boxes } = placeGraph(graph, (spec) => spec.name);
    const left = (stage: string) => boxes[graph.indexOf(stage)!]!.left;
    expect([left('A') < left('B'), left('B') < left('C')]).toEqual([true, true]);
  });
});

/** A reader of the little XML there is: tags in pairs, text without markup, characters that XML allows. */
function tagProblems(svg: string): string[] {
  const open: string[] = [];
  const problems: string[] = [];
  const withoutStyle = svg.replace(/<style>[^<]*<\/style>/, '');
  for (const [part, tag] of withoutStyle.matchAll(/<([^>]*)>|[^<]+/g)) {
    if (tag === undefined) {
      if (/[>]|&(?!#\d+;)/.test(part)) problems.push(`markup in text ${part}`);
    } else if (tag.startsWith('/')) {
      if (open.pop() !== tag.slice(1)) problems.push(`</${tag}> closes nothing`);
    } else if (!tag.endsWith('/')) open.push(tag.split(' ')[0]!);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML does not allow
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\uFFFE\uFFFF]|\p{Cs}/u.test(svg))
    problems.push('characters that XML does not allow');
  return [...problems, ...open.map((tag) => `<${tag}> is not closed`)];
}
