// @ts-check
/*
 * Trivial work. The engine and the peers get 16 distinct functions, as a real pipeline has; the bare promise DAG gets
 * one, which favours it.
 */

const asyncStages = Array.from({ length: 16 }, (_, index) => new Function(`return async () => ({ x: ${index} })`)());
const syncStages = Array.from({ length: 16 }, (_, index) => new Function(`return () => ({ x: ${index} })`)());

/** @param {boolean} isSync @param {number} index @returns {() => any} */
export const stageFunction = (isSync, index) => (isSync ? syncStages : asyncStages)[index % 16];
