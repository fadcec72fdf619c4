import type { StageGraph } from '../../graph/index.js';
import type { StageSpec } from '../../stage/index.js';
import { type LayerNode, layersOf } from './layers.js';
import { orderLayers } from './order-layers.js';
import { placeLayers } from './place-layers.js';
import type { Box } from './svg-shapes.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly from: number;
  readonly to: number;
  readonly points: readonly Point[];
}

/** Where everything of a picture is, in pixels. */
export interface PlacedGraph {
  readonly width: number;
  readonly height: number;
  /** By index of the stage. */
  readonly boxes: readonly Box[];
  readonly edges: readonly PlacedEdge[];
  /** From guards back to where they send a run. */
  readonly retries: readonly PlacedEdge[];
}

const HEIGHT = 46;
const LAYER = 96;
const MARGIN = 20;
const NARROWEST = 96;
/** The average width of a letter of the font, and what stands around a name. */
const LETTER = 7.6;
const AROUND = 44;
/** What an edge keeps free on its way across a layer. */
const LANE = 12;

/** @param shown what of its name is shown of a stage */
export function placeGraph(graph: StageGraph, shown: (spec: StageSpec) => string): PlacedGraph {
  const { layers, edges } = layersOf(graph);
  orderLayers(layers);
  const widths = graph.stages.map((spec) => Math.max(NARROWEST, widthOfText(shown(spec)) + AROUND));
  const widthOf = ({ stage }: LayerNode): number => (stage === null ? LANE : widths[stage]!);
  const middles = placeLayers(layers, { gap: 28, widthOf });
  const boxes: Box[] = [];
  for (const node of layers.flat()) {
    if (node.stage === null) continue;
    const width = widthOf(node);
    boxes[node.stage] = { left: MARGIN + middles.get(node)! - width / 2, top: topOf(node), width, height: HEIGHT };
  }
  const right = boxes.reduce((most, { left, width }) => Math.max(most, left + width), 0);
  const lanes = layers.flat().reduce((most, node) => Math.max(most, MARGIN + middles.get(node)! + LANE / 2), right);
  const retries = retriesOf(graph, boxes, lanes);
  return {
    width: lanes + MARGIN + retries.length * 24,
    height: MARGIN * 2 + (layers.length - 1) * LAYER + HEIGHT,
    boxes,
    edges: edges.map(({ from, to, passes }) => ({
      from,
      to,
      points: straightened(passes.flatMap((node) => pointsAt(node, from, to, MARGIN + middles.get(node)!))),
    })),
    retries,
  };
}

function topOf({ layer }: Pick<LayerNode, 'layer'>): number {
  return MARGIN + layer * LAYER;
}

/** An edge leaves a box below, enters one above, and goes straight through a layer between. */
function pointsAt(node: LayerNode, from: number, to: number, x: number): readonly Point[] {
  const top = { x, y: topOf(node) };
  const bottom = { x, y: topOf(node) + HEIGHT };
  if (node.stage === from) return [bottom];
  return node.stage === to ? [top] : [top, bottom];
}

/** Without points in the middle of a straight line. */
function straightened(points: readonly Point[]): readonly Point[] {
  return points.filter(({ x }, index) => {
    const bend = Math.abs((points[index - 1]?.x ?? x + 1) - x) + Math.abs((points[index + 1]?.x ?? x + 1) - x);
    return bend > 0.05;
  });
}

/** Each on a lane of its own, right of everything else. */
function retriesOf(graph: StageGraph, boxes: readonly Box[], right: number): readonly PlacedEdge[] {
  const guards = graph.stages.flatMap(({ retryFrom }, from) => (retryFrom === undefined ? [] : [{ retryFrom, from }]));
  return guards.map(({ retryFrom, from }, lane) => {
    const to = graph.indexOf(retryFrom.stage)!;
    const [start, end] = [boxes[from]!, boxes[to]!];
    const x = right + 12 + lane * 24;
    const [startY, endY] = [start.top + HEIGHT / 2, end.top + HEIGHT / 2];
    const points = [
      { x: start.left + start.width, y: startY },
      { x, y: startY },
      { x, y: endY },
      { x: end.left + end.width, y: endY },
    ];
    return { from, to, points };
  });
}

/** Ideographs and emoji are about twice as wide as letters. */
function widthOfText(text: string): number {
  let letters = 0;
  for (const char of text)
    letters += /[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFF60]|\p{Extended_Pictographic}/u.test(char) ? 1.9 : 1;
  return letters * LETTER;
}
