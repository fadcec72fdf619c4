import type { StageGraph } from '../../graph/index.js';

/** A stage, or a place that an edge passes on its way across a layer. */
export interface LayerNode {
  /** Its index in the graph; null for a place on an edge. */
  readonly stage: number | null;
  readonly layer: number;
  /** What it is below of, and above of, in the layers next to it. */
  readonly above: LayerNode[];
  readonly below: LayerNode[];
  /** Its position in its layer, from 0. */
  order: number;
}

/** A dependency, as the places it passes from the one to the other, both included. */
export interface LayerEdge {
  readonly from: number;
  readonly to: number;
  readonly passes: readonly LayerNode[];
}

export interface Layers {
  /** From the top, each from the left. */
  readonly layers: LayerNode[][];
  readonly edges: readonly LayerEdge[];
}

/** Puts every stage below everything it waits for, and breaks edges that pass layers in between. */
export function layersOf(graph: StageGraph): Layers {
  const levels = levelsOf(graph);
  const layers: LayerNode[][] = [];
  const add = (stage: number | null, layer: number): LayerNode => {
    layers[layer] ??= [];
    const node: LayerNode = { stage, layer, above: [], below: [], order: layers[layer].length };
    layers[layer].push(node);
    return node;
  };
  const nodes = graph.stages.map((_, index) => add(index, levels[index] as number));
  const edges = graph.topology.dependencies.flatMap((own, to) => {
    return own.map((from): LayerEdge => ({ from, to, passes: passesOf(nodes[from]!, nodes[to]!, add) }));
  });
  return { layers, edges };
}

function passesOf(
  from: LayerNode,
  to: LayerNode,
  add: (stage: null, layer: number) => LayerNode,
): readonly LayerNode[] {
  const passes = [from];
  for (let layer = from.layer + 1; layer < to.layer; layer++) passes.push(add(null, layer));
  passes.push(to);
  for (const [index, node] of passes.entries()) {
    const next = passes[index + 1];
    if (next === undefined) break;
    node.below.push(next);
    next.above.push(node);
  }
  return passes;
}

/** For each stage the length of the longest way to it. */
function levelsOf({ size, topology: { order, dependencies } }: StageGraph): Int32Array {
  const levels = new Int32Array(size);
  for (const index of order) {
    for (const dependency of dependencies[index]!) levels[index] = Math.max(levels[index]!, levels[dependency]! + 1);
  }
  return levels;
}
