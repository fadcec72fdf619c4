import type { LayerNode } from './layers.js';

export interface Sizes {
  /** Between two nodes of one layer. */
  readonly gap: number;
  /** How wide a node is. */
  widthOf(node: LayerNode): number;
}

const SWEEPS = 10;

/** The middle of every node from the left: in the order of its layer, without overlaps, near its neighbours. */
export function placeLayers(layers: readonly LayerNode[][], sizes: Sizes): ReadonlyMap<LayerNode, number> {
  const middles = new Map<LayerNode, number>();
  for (const layer of layers) pack(layer, sizes, middles);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : layers.toReversed()) {
      const wanted = layer.map((node) => wantedFor(node, isDown, middles));
      spread(layer, wanted, sizes, middles);
    }
  }
  return shifted(layers, sizes, middles);
}

/** Side by side, around 0. */
function pack(layer: readonly LayerNode[], { gap, widthOf }: Sizes, middles: Map<LayerNode, number>): void {
  const total = layer.reduce((sum, node) => sum + widthOf(node) + gap, -gap);
  let left = -total / 2;
  for (const node of layer) {
    middles.set(node, left + widthOf(node) / 2);
    left += widthOf(node) + gap;
  }
}

function wantedFor(node: LayerNode, isDown: boolean, middles: ReadonlyMap<LayerNode, number>): number {
  const first = isDown ? node.above : node.below;
  const neighbours = first.length > 0 ? first : isDown ? node.below : node.above;
  const own = middles.get(node)!;
  return neighbours.length === 0
    ? own
    : neighbours.reduce((sum, other) => sum + middles.get(other)!, 0) / neighbours.length;
}

/** As near to what is wanted as the order allows: halfway between what pushing to the right and to the left give. */
function spread(
  layer: readonly LayerNode[],
  wanted: readonly number[],
  { gap, widthOf }: Sizes,
  middles: Map<LayerNode, number>,
): void {
  const apart = (index: number): number => (widthOf(layer[index]!) + widthOf(layer[index + 1]!)) / 2 + gap;
  const right = [...wanted];
  for (let at = 1; at < layer.length; at++) right[at] = Math.max(right[at]!, right[at - 1]! + apart(at - 1));
  const left = [...wanted];
  for (let at = layer.length - 2; at >= 0; at--) left[at] = Math.min(left[at]!, left[at + 1]! - apart(at));
  for (const [at, node] of layer.entries()) middles.set(node, (right[at]! + left[at]!) / 2);
}

/** The leftmost edge becomes 0. */
function shifted(
  layers: readonly LayerNode[][],
  { widthOf }: Sizes,
  middles: ReadonlyMap<LayerNode, number>,
): ReadonlyMap<LayerNode, number> {
  const nodes = layers.flat();
  const left = nodes.reduce((least, node) => Math.min(least, middles.get(node)! - widthOf(node) / 2), Infinity);
  return new Map(nodes.map((node) => [node, middles.get(node)! - left]));
}
