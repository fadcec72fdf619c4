// @ts-check
/* The graphs every table measures. A graph is its stage names in topological order and the names each one depends on. */

/**
 * @typedef {{ name: string, dependencies: readonly string[] }} StageShape
 * @typedef {{ name: string, sync: boolean, stages: readonly StageShape[], edges: number }} GraphShape
 */

/** One after another. @param {number} size */
export const chain = (size) => shape(`chain ${size}`, size, (index) => (index === 0 ? [] : [index - 1]));

/** One source, everything else but the last beside each other, one stage that reads them all. @param {number} size */
export const fan = (size) =>
  shape(`fan ${size}`, size, (index) => {
    if (index === 0) return [];
    return index < size - 1 ? [0] : Array.from({ length: size - 2 }, (_, middle) => middle + 1);
  });

/** Nothing depends on anything. @param {number} size */
export const independent = (size) => shape(`independent ${size}`, size, () => []);

/**
 * Layers of `width`; each stage reads distinct random stages of the layer before, `edges` of them in all.
 * @param {number} size @param {number} width @param {number} edges
 */
export function layered(size, width, edges) {
  const random = seeded(1);
  const readers = size - width;
  return shape(`layered ${size}/${edges}`, size, (index) => {
    if (index < width) return [];
    const reader = index - width;
    const count = Math.floor(((reader + 1) * edges) / readers) - Math.floor((reader * edges) / readers);
    const layer = Math.floor(index / width) - 1;
    const picked = new Set();
    while (picked.size < count) picked.add(layer * width + Math.floor(random() * width));
    return [...picked];
  });
}

/** The same graph with stages that return at once instead of a promise. @param {GraphShape} graph @returns {GraphShape} */
export const sync = (graph) => ({ ...graph, name: `${graph.name} sync`, sync: true });

/** @param {string} name @param {number} size @param {(index: number) => readonly number[]} dependenciesOf @returns {GraphShape} */
function shape(name, size, dependenciesOf) {
  const stages = Array.from({ length: size }, (_, index) => ({
    name: stageName(index),
    dependencies: dependenciesOf(index).map(stageName),
  }));
  return { name, sync: false, stages, edges: stages.reduce((sum, { dependencies }) => sum + dependencies.length, 0) };
}

/** @param {number} index */
function stageName(index) {
  return `s${index}`;
}

/** A generator with a seed (mulberry32): every process measures the same graph. @param {number} seed */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
