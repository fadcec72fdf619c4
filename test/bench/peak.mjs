// @ts-check
/* The most memory a synchronous piece of work needs beyond what the process had before. */
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

/** Asks for a small nursery: what is left of one would count as needed. */
export const PEAK_FLAGS = ['--expose-gc', '--max-semi-space-size=1'];

/**
 * Call it once in a process: a second call finds the memory that the first one gave back.
 * @param {() => unknown} work @returns {Promise<number>} bytes
 */
export async function peakOf(work) {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL('rss-watch.mjs', import.meta.url), { workerData: shared.buffer });
  await once(worker, 'message');
  for (let count = 0; count < 3; count++) globalThis.gc?.();
  await setTimeout(100); // pages are given back by another thread
  const before = process.memoryUsage.rss();
  Atomics.store(shared, 1, 0);
  const result = work();
  Atomics.store(shared, 0, 1);
  await once(worker, 'exit');
  if (result === undefined) throw new Error('What was measured gave nothing.');
  return Math.max(0, shared[1] * 1_024 - before);
}
