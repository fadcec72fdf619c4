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

/**
 * Puts every stage below everything it waits for, and breaks edges that pass layers in between. Those of one stage share their
 * way as far as they go, which keeps pictures calm, and small where many stages depend on one far above.
 */
export function layersOf(graph: StageGraph): Layers {
  const levels = levelsOf(graph);
  const layers: LayerNode[][] = [];
  const add = (stage: number | null, layer: number): LayerNode => {
    layers[layer] ??= [];
    const node: LayerNode = { stage, layer, above: [], below: [], order: layers[layer].length };
    layers[layer].push(node);
    return node;
  };
  const ways = graph.stages.map((_, index) => [add(index, levels[index]!)]);
  const edges = graph.topology.dependencies.flatMap((own, to) => {
    return own.map((from): LayerEdge => ({ from, to, passes: passesOf(ways[from]!, ways[to]![0]!, add) }));
  });
  return { layers, edges };
}

/** @param way from a stage down, as far as an edge has needed it */
function passesOf(
  way: LayerNode[],
  to: LayerNode,
  add: (stage: null, layer: number) => LayerNode,
): readonly LayerNode[] {
  const length = to.layer - way[0]!.layer;
  while (way.length < length) {
    const node = add(null, way[0]!.layer + way.length);
    join(way.at(-1)!, node);
    way.push(node);
  }
  const passes = way.slice(0, length);
  join(passes.at(-1)!, to);
  return [...passes, to];
}

function join(above: LayerNode, below: LayerNode): void {
  above.below.push(below);
  below.above.push(above);
}

/** For each stage the length of the longest way to it. */
function levelsOf({ size, topology: { order, dependencies } }: StageGraph): Int32Array {
  const levels = new Int32Array(size);
  for (const index of order) {
    for (const dependency of dependencies[index]!) levels[index] = Math.max(levels[index]!, levels[dependency]! + 1);
  }
  return levels;
}
