import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDot, renderMermaid, renderText, StageGraph } from '../../../src/graph/index.js';
import { StageKind } from '../../../src/stage/index.js';
import { validInit } from './arbitraries.js';
import { pipelineOf } from './graphs.js';

const support = StageGraph.create({
  name: 'support',
  maxConcurrency: 2,
  stages: [
    { name: 'Answer', kind: StageKind.Agent, dependsOn: [{ stage: 'Profile', optional: true }], condition: 'Route' },
    { name: 'Profile', kind: StageKind.Enrich, timeoutMs: 500 },
    { name: 'Clean', kind: StageKind.Transform, priority: 2 },
    { name: 'Allowed', kind: StageKind.Guard, dependsOn: ['Clean'] },
    { name: 'Route', kind: StageKind.Route, dependsOn: ['Clean', 'Allowed'] },
    { name: 'Send', kind: StageKind.Work, dependsOn: ['Answer'] },
  ],
});

const odd = StageGraph.create(
  pipelineOf(
    {
      'say "hi"': [],
      'a[0] | {b} <br> & `c` #1; \\n': ['say "hi"'],
      'zwei\nZeilen': [],
      '日本 🚀': [],
      '1. \u001b[31mred': [],
    },
    { name: 'odd "name" \\' },
  ),
);

describe('renderMermaid', () => {
  it('shows kinds, optional dependencies and conditions', () => {
    expect(renderMermaid(support)).toMatchInlineSnapshot(`
      "flowchart TD
        s0(["Answer<br/>agent"])
        s1("Profile<br/>enrich")
        s2["Clean<br/>transform"]
        s3{{"Allowed<br/>guard"}}
        s4{"Route<br/>route"}
        s5[["Send<br/>work"]]
        s1 -.-> s0
        s4 -->|when| s0
        s2 --> s3
        s2 --> s4
        s3 --> s4
        s0 --> s5
      "
    `);
  });

  it('escapes names', () => {
    expect(renderMermaid(odd)).toMatchInlineSnapshot(`
      "flowchart TD
        s0["say #34;hi#34;<br/>transform"]
        s1["a#91;0#93; #124; #123;b#125; #60;br#62; #38; #96;c#96; #35;1#59; #92;n<br/>transform"]
        s2["zwei Zeilen<br/>transform"]
        s3["日本 🚀<br/>transform"]
        s4["1#46; �#91;31mred<br/>transform"]
        s0 --> s1
      "
    `);
  });
});

describe('renderDot', () => {
  it('shows kinds, optional dependencies and conditions', () => {
    expect(renderDot(support)).toMatchInlineSnapshot(`
      "digraph "support" {
        rankdir=TB;
        s0 [label="Answer\\nagent", shape=ellipse];
        s1 [label="Profile\\nenrich", shape=note];
        s2 [label="Clean\\ntransform", shape=box];
        s3 [label="Allowed\\nguard", shape=hexagon];
        s4 [label="Route\\nroute", shape=diamond];
        s5 [label="Send\\nwork", shape=box3d];
        s1 -> s0 [style=dashed];
        s4 -> s0 [label="when"];
        s2 -> s3;
        s2 -> s4;
        s3 -> s4;
        s0 -> s5;
      }
      "
    `);
  });

  it('escapes names', () => {
    expect(renderDot(odd)).toMatchInlineSnapshot(`
      "digraph "odd \\"name\\" \\\\" {
        rankdir=TB;
        s0 [label="say \\"hi\\"\\ntransform", shape=box];
        s1 [label="a[0] | {b} <br> &amp; \`c\` #1; \\\\n\\ntransform", shape=box];
        s2 [label="zwei\\nZeilen\\ntransform", shape=box];
        s3 [label="日本 🚀\\ntransform", shape=box];
        s4 [label="1. �[31mred\\ntransform", shape=box];
        s0 -> s1;
      }
      "
    `);
  });
});

describe('renderText', () => {
  it('lists stages by level with what they wait for', () => {
    expect(renderText(support)).toMatchInlineSnapshot(`
      "pipeline support: 6 stages, fail-fast, at most 2 at once
      level 1
        Profile  enrich     timeout 500 ms
        Clean    transform  priority 2
      level 2
        Allowed  guard      after Clean
      level 3
        Route    route      after Clean, Allowed
      level 4
        Answer   agent      when Route; after Profile (optional)
      level 5
        Send     work       after Answer
      "
    `);
  });

  it('escapes names', () => {
    expect(renderText(odd)).toMatchInlineSnapshot(`
      "pipeline "odd \\"name\\" \\\\": 5 stages, fail-fast
      level 1
        "say \\"hi\\""                     transform
        "zwei\\nZeilen"                   transform
        "日本 🚀"                          transform
        "1. \\u{1b}[31mred"               transform
      level 2
        "a[0] | {b} <br> & \`c\` #1; \\\\n"  transform  after "say \\"hi\\""
      "
    `);
  });
});

describe('every rendering', () => {
  it.each([
    ['mermaid', renderMermaid],
    ['dot', renderDot],
    ['text', renderText],
  ])('is the same each time and no name can break its lines: %s', (_, render) => {
    fc.assert(
      fc.property(validInit, (init) => {
        const graph = StageGraph.create(init);
        const text = render(graph);
        expect(render(StageGraph.fromJSON(JSON.parse(JSON.stringify(graph))))).toBe(text);
        expect(text).not.toMatch(/[^\P{C}\n\p{Cf}\p{Co}\p{Cn}]|[\u2028\u2029]/u);
        expect(text.split('\n').length).toBe(lineCount(graph, render));
      }),
    );
  });
});

/** The lines of the same graph with harmless names. */
function lineCount(graph: StageGraph, render: (graph: StageGraph) => string): number {
  const plain = (name: string) => `s${graph.indexOf(name)}`;
  const stages = graph.stages.map(({ name, dependsOn, condition, ...rest }) => ({
    ...rest,
    name: plain(name),
    dependsOn: dependsOn.map(({ stage, optional }) => ({ stage: plain(stage), optional })),
    condition: condition && plain(condition),
  }));
  return render(StageGraph.create({ name: 'p', stages })).split('\n').length;
}
