import type { StageGraph } from '../../graph/index.js';
import type { StageSpec } from '../../stage/index.js';
import { shortText } from '../output/plain-text.js';
import { type PlacedGraph, type Point, placeGraph } from './place-graph.js';
import { px, shapeOf, xmlText } from './svg-shapes.js';

const LONGEST_NAME = 40;
/** Plain rules, since many programs that show SVG know no variables. */
const STYLE = `
  .ground { fill: #ffffff; }
  text { font: 13px ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2933; text-anchor: middle; }
  .kind, .label { font-size: 11px; fill: #5f6b7a; }
  .label { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
  .stage > rect, .stage > polygon { fill: #f6f8fa; stroke: #1f2933; }
  .bars { fill: none; stroke: #1f2933; }
  .edge { fill: none; stroke: #6b7785; }
  .optional { stroke-dasharray: 5 4; }
  .retry { stroke-dasharray: 1.5 4; stroke-linecap: round; }
  marker path { fill: #6b7785; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #12171d; }
    text { fill: #e6e9ee; }
    .kind, .label { fill: #9aa6b5; }
    .label { stroke: #12171d; }
    .stage > rect, .stage > polygon { fill: #1b222b; stroke: #c3ccd6; }
    .bars { stroke: #c3ccd6; }
  }`;
const ARROW =
  '<marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0.5L8 4L0 7.5z"/></marker>';

/**
 * The graph as an SVG picture, in layers from the top: shapes show kinds, dashed lines optional dependencies, labels conditions
 * and quorums, dotted lines the way back from a guard. The same graph always gives the same picture.
 */
export function renderSvg(graph: StageGraph): string {
  const placed = placeGraph(graph, (spec) => shortText(spec.name, LONGEST_NAME));
  const { width, height } = placed;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" height="${px(height)}" role="img">`,
    `<title>${xmlText(`Pipeline ${graph.name}`)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<defs>${ARROW}</defs>`,
    `<rect class="ground" width="${px(width)}" height="${px(height)}"/>`,
    ...edges(graph, placed),
    ...graph.stages.map((spec, index) => stage(spec, index, placed)),
    ...labels(graph, placed),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

function stage(spec: StageSpec, index: number, { boxes }: PlacedGraph): string {
  const box = boxes[index]!;
  const x = px(box.left + box.width / 2);
  const middle = box.top + box.height / 2;
  return [
    `<g class="stage"><title>${xmlText(spec.name)}</title>${shapeOf(spec.kind, box)}`,
    `<text x="${x}" y="${px(middle - 3)}">${xmlText(shortText(spec.name, LONGEST_NAME))}</text>`,
    `<text class="kind" x="${x}" y="${px(middle + 13)}">${spec.kind}</text></g>`,
  ].join('');
}

function edges({ stages }: StageGraph, placed: PlacedGraph): string[] {
  const ways = placed.edges.map(({ from, to, points }) => {
    const isOptional = stages[to]!.dependsOn.some(({ stage, optional }) => optional && stage === stages[from]!.name);
    return path(points, isOptional ? 'edge optional' : 'edge');
  });
  return [...ways, ...placed.retries.map(({ points }) => polyline(points))];
}

/** What stands beside edges comes last, so that no line crosses it. */
function labels({ stages }: StageGraph, placed: PlacedGraph): string[] {
  const beside = placed.edges.flatMap(({ from, to, points }) => {
    const text = labelOf(stages[to]!, stages[from]!.name);
    return text === null ? [] : [label(text, points.at(-2)!, points.at(-1)!)];
  });
  const back = placed.retries.map(({ points }) => label('retry', points[1]!, points[2]!));
  return [...beside, ...back];
}

function label(text: string, from: Point, to: Point): string {
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  return `<text class="label" x="${px(x)}" y="${px(y + 4)}">${xmlText(text)}</text>`;
}

function labelOf({ condition, quorums, dependsOn }: StageSpec, from: string): string | null {
  if (condition === from) return 'when';
  const isOptional = dependsOn.some(({ stage, optional }) => optional && stage === from);
  const quorum = isOptional ? quorums?.find(({ of }) => of.includes(from)) : undefined;
  return quorum === undefined ? null : `${quorum.atLeast} of ${quorum.of.length}`;
}

/** Leaves and enters every point from above to below, so that lines part from boxes at a right angle. */
function path(points: readonly Point[], kind: string): string {
  const [start, ...rest] = points as [Point, ...Point[]];
  let way = `M${px(start.x)} ${px(start.y)}`;
  let before = start;
  for (const point of rest) {
    const middle = (before.y + point.y) / 2;
    way +=
      before.x === point.x
        ? `L${px(point.x)} ${px(point.y)}`
        : `C${px(before.x)} ${px(middle)} ${px(point.x)} ${px(middle)} ${px(point.x)} ${px(point.y)}`;
    before = point;
  }
  return `<path class="${kind}" d="${way}" marker-end="url(#arrow)"/>`;
}

function polyline([start, ...rest]: readonly Point[]): string {
  const way = rest.map(({ x, y }) => `L${px(x)} ${px(y)}`).join('');
  return `<path class="edge retry" d="M${px(start!.x)} ${px(start!.y)}${way}" marker-end="url(#arrow)"/>`;
}
