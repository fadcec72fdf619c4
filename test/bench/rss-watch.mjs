// @ts-check
// A thread beside the measured one that looks at the memory of the process until it is told to stop.
import { parentPort, workerData } from 'node:worker_threads';

/** [whether to stop, the most seen in KB] */
const shared = new Int32Array(workerData);
parentPort?.postMessage('watching');
while (Atomics.load(shared, 0) === 0) {
  const kb = Math.round(process.memoryUsage.rss() / 1_024);
  if (kb > Atomics.load(shared, 1)) Atomics.store(shared, 1, kb);
}
