// @ts-check
import auto from 'async/auto.js';
import { stageFunction } from '../stages.mjs';

/** Runs functions in dependency order and gives each all results so far. @type {import('../peers.mjs').Peer} */
export function prepare({ stages, sync }) {
  /** @type {Record<string, any>} */
  const tasks = {};
  stages.forEach(({ name, dependencies }, index) => {
    const task = stageFunction(sync, index);
    tasks[name] = dependencies.length === 0 ? task : [...dependencies, task];
  });
  return () => auto(tasks);
}
