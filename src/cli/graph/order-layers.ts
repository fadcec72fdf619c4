import type { LayerNode } from './layers.js';

const SWEEPS = 8;

/**
 * Orders each layer so that few edges cross: every node goes where the middle of its neighbours is, layer by layer, down and up
 * again, and of all orders seen the one with the fewest crossings stays. Ties keep the order they were declared in.
 */
export function orderLayers(layers: readonly LayerNode[][]): void {
  let best = snapshot(layers);
  let fewest = crossingsOf(layers);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers.slice(1) : layers.slice(0, -1).toReversed()) {
      orderBy(layer, (node) => (isDown ? node.above : node.below));
    }
    const crossings = crossingsOf(layers);
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = snapshot(layers);
  }
  for (const [index, layer] of layers.entries()) replace(layer, best[index]!);
}

function orderBy(layer: LayerNode[], neighbours: (node: LayerNode) => readonly LayerNode[]): void {
  const middle = new Map(layer.map((node) => [node, middleOf(neighbours(node)) ?? node.order]));
  replace(
    layer,
    layer.toSorted((a, b) => middle.get(a)! - middle.get(b)!),
  );
}

function middleOf(nodes: readonly LayerNode[]): number | undefined {
  return nodes.length === 0 ? undefined : nodes.reduce((sum, { order }) => sum + order, 0) / nodes.length;
}

function snapshot(layers: readonly LayerNode[][]): readonly LayerNode[][] {
  return layers.map((layer) => [...layer]);
}

function replace(layer: LayerNode[], ordered: readonly LayerNode[]): void {
  for (const [order, node] of ordered.entries()) {
    layer[order] = node;
    node.order = order;
  }
}

function crossingsOf(layers: readonly LayerNode[][]): number {
  return layers.reduce((sum, layer, index) => sum + crossingsBelow(layer, layers[index + 1]?.length ?? 0), 0);
}

/** Inversions of where edges end, counted with a tree of sums in time n log n. */
function crossingsBelow(layer: readonly LayerNode[], width: number): number {
  const sums = new Int32Array(width + 1);
  let seen = 0;
  let crossings = 0;
  for (const node of layer) {
    const ends = node.below.map(({ order }) => order).toSorted((a, b) => a - b);
    for (const end of ends) {
      let before = 0;
      for (let at = end + 1; at > 0; at -= at & -at) before += sums[at]!;
      crossings += seen - before;
    }
    for (const end of ends) {
      seen += 1;
      for (let at = end + 1; at <= width; at += at & -at) sums[at]! += 1;
    }
  }
  return crossings;
}
