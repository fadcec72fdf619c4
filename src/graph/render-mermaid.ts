import { StageKind } from '../stage/index.js';
import { edgeLabel } from './edge-label.js';
import type { StageGraph } from './stage-graph.js';

const SHAPES: Readonly<Record<StageKind, readonly [open: string, close: string]>> = {
  [StageKind.Transform]: ['[', ']'],
  [StageKind.Enrich]: ['(', ')'],
  [StageKind.Route]: ['{', '}'],
  [StageKind.Guard]: ['{{', '}}'],
  [StageKind.Work]: ['[[', ']]'],
  [StageKind.Agent]: ['([', '])'],
};

/**
 * The graph as a Mermaid flowchart, for Markdown pages. Shapes show kinds, dashed arrows optional dependencies, arrows
 * labelled "when" conditions, "2 of 3" quorums, "retry" the way back from a guard. The same graph always gives the same text.
 */
export function renderMermaid(graph: StageGraph): string {
  const lines = ['flowchart TD'];
  for (const [index, { name, kind }] of graph.stages.entries()) {
    const [open, close] = SHAPES[kind];
    lines.push(`  s${index}${open}"${escapeLabel(name)}<br/>${kind}"${close}`);
  }
  for (const [index, spec] of graph.stages.entries()) {
    for (const { stage, optional } of spec.dependsOn) {
      const label = edgeLabel(spec, stage, optional);
      const arrow = `${optional ? '-.->' : '-->'}${label === null ? '' : `|${label}|`}`;
      lines.push(`  s${graph.indexOf(stage)} ${arrow} s${index}`);
    }
    if (spec.retryFrom !== undefined) lines.push(`  s${index} -.->|retry| s${graph.indexOf(spec.retryFrom.stage)}`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Everything Mermaid, Markdown or HTML could take as syntax becomes an entity code: `#34;` for a quote. That includes
 * what starts a Markdown list, which Mermaid refuses to draw.
 */
function escapeLabel(name: string): string {
  return name
    .replace(/\r\n|[\n\r\u2028\u2029]/g, ' ')
    .replace(/\p{Cc}|\p{Cs}/gu, '\uFFFD')
    .replace(/[^\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Join_Control}\uFFFD _.:,/@()?!'-]/gu, toEntity)
    .replace(/^-|(?<=^\d+)\./, toEntity);
}

function toEntity(char: string): string {
  return `#${char.codePointAt(0)};`;
}
