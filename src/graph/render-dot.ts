import { StageKind } from '../stage/index.js';
import { edgeLabel } from './edge-label.js';
import type { StageGraph } from './stage-graph.js';

const SHAPES: Readonly<Record<StageKind, string>> = {
  [StageKind.Transform]: 'box',
  [StageKind.Enrich]: 'note',
  [StageKind.Route]: 'diamond',
  [StageKind.Guard]: 'hexagon',
  [StageKind.Work]: 'box3d',
  [StageKind.Agent]: 'ellipse',
};

/**
 * The graph in the DOT language, for Graphviz. Shapes show kinds, dashed edges optional dependencies, edges labelled
 * "when" conditions, "2 of 3" quorums, "retry" the way back from a guard. The same graph always gives the same text.
 */
export function renderDot(graph: StageGraph): string {
  const lines = [`digraph "${escapeLabel(graph.name)}" {`, '  rankdir=TB;'];
  for (const [index, { name, kind }] of graph.stages.entries()) {
    lines.push(`  s${index} [label="${escapeLabel(name)}\\n${kind}", shape=${SHAPES[kind]}];`);
  }
  for (const [index, spec] of graph.stages.entries()) {
    for (const { stage, optional } of spec.dependsOn) {
      const label = edgeLabel(spec, stage, optional);
      const attributes = [...(optional ? ['style=dashed'] : []), ...(label === null ? [] : [`label="${label}"`])];
      const list = attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`;
      lines.push(`  s${graph.indexOf(stage)} -> s${index}${list};`);
    }
    const back = spec.retryFrom === undefined ? undefined : graph.indexOf(spec.retryFrom.stage);
    if (back !== undefined) lines.push(`  s${index} -> s${back} [style=dotted, label="retry", constraint=false];`);
  }
  return `${lines.join('\n')}\n}\n`;
}

/** `&` starts an HTML entity in a label, and a backslash an escape. */
function escapeLabel(name: string): string {
  return name
    .replaceAll('&', '&amp;')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replace(/\r\n|[\n\r\u2028\u2029]/g, '\\n')
    .replace(/\p{Cc}|\p{Cs}/gu, '\uFFFD');
}
